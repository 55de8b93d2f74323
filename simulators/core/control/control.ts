import { Hono } from 'hono'
import { wallNowMs, wallSleep } from '../clock.ts'
import { actRoutes } from './acts.ts'
import { assumptionRoutes } from './assumptions.ts'
import { clockRoutes } from './clock.ts'
import { ControlError } from './control-error.ts'
import type { Control, ControlRoutes, Wall } from './control-routes.ts'
import { deliveryRoutes } from './deliveries.ts'
import { faultRoutes } from './faults.ts'
import type { House } from './house.ts'
import { journalRoutes } from './journal.ts'
import { judgeRoutes } from './judge.ts'
import { render, renderError } from './render.ts'
import { refuseForeignPages, refuseStrangers, type SafetyOptions } from './safety.ts'
import { shopRoutes } from './shop.ts'
import { stateRoutes } from './state.ts'
import { worldRoutes } from './worlds.ts'

export interface ControlOptions extends Partial<SafetyOptions> {
  house: House
  /** The wall's clock and sleep, by which `wait=10s` is meant; taken from `core/clock.ts` unless given. */
  wall?: Wall
}

/** The document that describes these routes; whoever opens ports serves it beside those of the partners. */
export const controlDocument = new URL('./openapi.yaml', import.meta.url)

/**
 * The control plane: JSON over HTTP under `/_sim`, described by `openapi.yaml` beside this file. Every refusal is
 * `{ error: { code, message, known?, issues? } }`. Design 4 "Control plane", design 11.
 */
export function createControl(options: ControlOptions): Control {
  const { house, wall = { nowMs: wallNowMs, sleep: wallSleep } } = options
  const safety: SafetyOptions = { allowedHosts: options.allowedHosts ?? [] }
  if (options.token !== undefined) safety.token = options.token
  const app: Control = new Hono()
  app.onError((error) => renderError(error))
  app.notFound((c) => renderError(notFound(c.req.method, c.req.path)))
  app.use('/_sim/*', async (c, next) => {
    // Health tells nothing, and is asked by those who have no token.
    if (c.req.path === '/_sim/health') refuseForeignPages(c.req.raw, safety)
    else refuseStrangers(c.req.raw, safety)
    await next()
  })
  app.get('/_sim/health', () => render({ ok: true, worlds: house.list().length }))
  const routes: ControlRoutes = { app, house, wall }
  worldRoutes(routes)
  clockRoutes(routes)
  actRoutes(routes)
  faultRoutes(routes)
  journalRoutes(routes)
  deliveryRoutes(routes)
  stateRoutes(routes)
  assumptionRoutes(routes)
  shopRoutes(routes)
  judgeRoutes(routes)
  refuseOtherMethods(app)
  return app
}

const notFound = (method: string, path: string) =>
  new ControlError(
    404,
    'not-found',
    `Nothing answers to ${method} ${path}. What does stands in /_sim/openapi/control.yaml.`,
  )

/** A known path with another method answers 405 with `Allow`. Goes last: Hono matches in the order of registration. */
function refuseOtherMethods(app: Control): void {
  const methods = new Map<string, Set<string>>()
  for (const { method, path } of app.routes) {
    if (method === 'ALL') continue
    methods.set(path, (methods.get(path) ?? new Set()).add(method))
  }
  for (const [path, allowed] of methods) {
    app.all(path, (c) => {
      throw new ControlError(
        405,
        'method-not-allowed',
        `${c.req.path} knows ${[...allowed].join(', ')}, not ${c.req.method}.`,
        { headers: { allow: [...allowed].join(', ') } },
      )
    })
  }
}
