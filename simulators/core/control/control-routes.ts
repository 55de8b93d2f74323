import type { Hono } from 'hono'
import type { House } from './house.ts'

/** The machine's clock, by which `wait=10s` is meant. */
export interface Wall {
  nowMs(): number
  sleep(delayMs: number): Promise<void>
}

export type Control = Hono

/** What the routes of one resource are mounted on. */
export interface ControlRoutes {
  app: Control
  house: House
  wall: Wall
}
