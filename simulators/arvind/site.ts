import type { ArvindContext } from './state.ts'

/** Where the shop listens: a site that names only its base URL listens where Kartify does (facts/kartify.md 11). */
export const updateInventoryUrl = (ctx: ArvindContext): string | undefined =>
  ctx.site.update_inventory_url ?? below(ctx, '/api/arvind/update-inventory')

export const orderStatusUrl = (ctx: ArvindContext): string | undefined =>
  ctx.site.order_status_url ?? below(ctx, '/api/arvind/order-status')

/** User name and password agreed with the shop, or what Arvind's operator typed instead (facts/arvind.md 2). */
export function pushCredentials(ctx: ArvindContext): { username: string; password: string } {
  const { site, credentials, state } = ctx
  return (
    state.typedCredentials ?? {
      username: site.username ?? credentials.username,
      password: site.password ?? credentials.password,
    }
  )
}

function below(ctx: ArvindContext, path: string): string | undefined {
  const { base_url } = ctx.site
  return base_url === undefined ? undefined : `${base_url.replace(/\/+$/, '')}${path}`
}
