#!/usr/bin/env node
// Plain JavaScript, so that it starts without a build: it teaches Node to read TypeScript and hands over.
import { register } from 'tsx/esm/api'

register()
await import('./main.ts')
