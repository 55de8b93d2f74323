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

/** How many other websites a fresh world has behind the API URL. */
const neighbours = 2

/** A website is never alone behind the API URL (facts/arvind.md 2): an id that was copied from another one is known there. */
export function addNeighbours(ctx: ArvindContext): void {
  for (let count = 0; count < neighbours; count += 1) addChannel(ctx)
}

/** Another website, with ids that no channel has yet; the token is one that this world made up. */
export function addChannel(ctx: ArvindContext): ChannelAccount {
  const random = ctx.random('ids/arvind.channel')
  const taken = new Set(
    channels(ctx).flatMap(({ channelId, warehouseId, orderingStoreId }) => [
      channelId,
      warehouseId,
      orderingStoreId,
    ]),
  )
  const draw = (write: () => string): string => {
    let drawn = write()
    while (taken.has(drawn)) drawn = write()
    taken.add(drawn)
    return drawn
  }
  const added: ChannelAccount = {
    channelId: draw(() => String(random.int(100, 999_999))),
    warehouseId: draw(() => `Brand_${random.digits(6)}`),
    orderingStoreId: draw(() => `OS${random.digits(6)}`),
    authToken: `fake-token-${random.hex(40)}`,
  }
  ctx.state.bystanders.set(added.channelId, added)
  return added
}

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
