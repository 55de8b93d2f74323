import { Refusal } from '../../core/refusal.ts'
import type { ArvindContext, ChannelAccount } from '../state.ts'

/** The website of the shop under test. */
export const ownChannel = (ctx: ArvindContext): ChannelAccount => ({
  channelId: ctx.credentials.channel_id,
  warehouseId: ctx.credentials.warehouse_id,
  orderingStoreId: ctx.credentials.ordering_store_id,
  authToken: ctx.state.token.isRenewed
    ? ctx.credentials.renewed_auth_token
    : ctx.credentials.auth_token,
})

/** All websites behind the API URL, the shop's first. */
export const channels = (ctx: ArvindContext): ChannelAccount[] => [
  ownChannel(ctx),
  ...ctx.state.bystanders.values(),
]

/** Ids as a call gives them; left out where it does not. */
export interface GivenIds {
  channelId?: string | null | undefined
  orderingStoreId?: string | null | undefined
  warehouseIds?: readonly string[]
}

/**
 * Whose account a call is about (facts/arvind.md 8): the caller's, or that of the first id that belongs to another website of the same API
 * URL (case 28 of 7). An id that nobody has is a 400; so is a foreign one with the switch `foreign_channel: refuse`.
 */
export function accountOf(
  ctx: ArvindContext,
  callerId: string,
  given: GivenIds,
): { channelId: string } {
  const all = channels(ctx)
  const asked = [
    ...idOf('INVALID_CHANNEL', 'channel', 'channelId', given.channelId),
    ...idOf('INVALID_ORDERING_STORE', 'ordering store', 'orderingStoreId', given.orderingStoreId),
    ...(given.warehouseIds ?? []).flatMap((id) =>
      idOf('INVALID_WAREHOUSE', 'warehouse', 'warehouseId', id),
    ),
  ]
  let account = callerId
  for (const { code, what, key, id } of asked) {
    const owner = all.find((channel) => channel[key] === id)
    const isForeign = owner !== undefined && owner.channelId !== callerId
    if (!owner || (isForeign && ctx.assumptions.foreign_channel === 'refuse')) {
      throw new Refusal('invalid', `Unknown ${what} id ${id}`, { code })
    }
    if (isForeign && account === callerId) account = owner.channelId
  }
  return { channelId: account }
}

function idOf(
  code: string,
  what: string,
  key: 'channelId' | 'orderingStoreId' | 'warehouseId',
  id: string | null | undefined,
) {
  return id === undefined || id === null ? [] : [{ code, what, key, id }]
}
