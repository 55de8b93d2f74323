import { z } from 'zod'
import type { Act } from '../core/partner.ts'
import { Refusal } from '../core/refusal.ts'
import { arvindAct } from './arvind-act.ts'
import { addChannel } from './rules/channels.ts'
import { toldStatuses } from './rules/item-machine.ts'
import { orderStatusUrl } from './site.ts'
import type { ArvindContext, ArvindTypes } from './state.ts'
import { writeUtc } from './times.ts'
import { sendStatus, unlistedStatus } from './webhooks.ts'

const id = z.string().min(1).max(100)

const statusInput = z.strictObject({
  orderReference: id.describe('Any, known or not'),
  status: z.string().min(1).max(50).describe('A status word, known or not'),
  items: z
    .array(
      z.strictObject({
        itemReference: id,
        skuId: id.default('TEE-M'),
        quantity: z.int().min(1).max(100).default(1),
        status: z.string().min(1).max(50).optional().describe('Left out: as above'),
      }),
    )
    .min(1)
    .max(100),
  consignmentId: id.optional(),
  channelId: id.optional().describe("Left out: the shop's; another one: another website's order"),
  statusTime: z.int().min(0).optional().describe('Epoch milliseconds; left out: now'),
})

export const officeActs: Record<string, Act<ArvindTypes>> = {
  'arvind.channel.create': arvindAct({
    about: 'Another website behind the same API URL; answers its ids and its auth token.',
    input: z.strictObject({}),
    apply: createChannel,
  }),
  'arvind.token.expire': arvindAct({
    about: "The shop's auth token is refused from now on, or after so many more calls.",
    input: z.strictObject({
      afterCalls: z.int().min(0).max(1_000_000).default(0).describe('Calls that still pass'),
    }),
    apply: (ctx, { afterCalls }) => {
      const { token } = ctx.state
      token.isExpired = afterCalls === 0
      token.callsLeft = afterCalls === 0 ? null : afterCalls
      ctx.record('arvind.token.expiring', { afterCalls })
      return { afterCalls }
    },
  }),
  'arvind.token.renew': arvindAct({
    about:
      "The shop's auth token lives again; rotate: another one takes its place, which the shop's operator has to type in.",
    input: z.strictObject({ rotate: z.boolean().default(false) }),
    apply: (ctx, { rotate }) => {
      const { token } = ctx.state
      const isRenewed = rotate ? !token.isRenewed : token.isRenewed
      Object.assign(token, { isRenewed, isExpired: false, callsLeft: null, issuedMs: ctx.nowMs })
      ctx.record('arvind.token.renewed', { rotate })
      return { credential: isRenewed ? 'renewed_auth_token' : 'auth_token' }
    },
  }),
  'arvind.credentials.mistype': arvindAct({
    about: 'Arvind calls the shop with a wrong user name or password from now on.',
    input: z.strictObject({
      username: z.string().min(1).max(200).default('fake-mistyped-user'),
      password: z.string().min(1).max(200).default('fake-mistyped-password'),
    }),
    apply: (ctx, typed) => {
      ctx.state.typedCredentials = typed
      ctx.record('arvind.credentials.mistyped', {})
      return {}
    },
  }),
  'arvind.credentials.correct': arvindAct({
    about: 'Arvind calls the shop with the agreed user name and password again.',
    input: z.strictObject({}),
    apply: (ctx) => {
      if (ctx.state.typedCredentials === null) {
        throw new Refusal('conflict', 'The agreed user name and password are in use already')
      }
      ctx.state.typedCredentials = null
      ctx.record('arvind.credentials.corrected', {})
      return {}
    },
  }),
  'arvind.status.send': arvindAct({
    about:
      'One status webhook exactly as given, though nothing happened: unknown orders, items or words, backward steps, old times.',
    input: statusInput,
    apply: sendAsGiven,
  }),
}

function createChannel(ctx: ArvindContext): object {
  const created = addChannel(ctx)
  ctx.record('arvind.channel.created', { channelId: created.channelId })
  return { ...created }
}

function sendAsGiven(ctx: ArvindContext, input: z.output<typeof statusInput>): object {
  if (orderStatusUrl(ctx) === undefined) {
    throw new Refusal(
      'conflict',
      'No shop listens: name its arvind site (base_url or order_status_url) first',
    )
  }
  const { orderReference, status, consignmentId, statusTime = ctx.nowMs } = input
  const words = [status, ...input.items.map((item) => item.status ?? status)]
  const isListed = words.every((word) => toldStatuses.some((told) => told === word))
  const eventId = sendStatus(ctx, isListed ? status : unlistedStatus, {
    orderReference,
    channelId: input.channelId ?? ctx.credentials.channel_id,
    ...(consignmentId !== undefined && { consignmentId }),
    status,
    statusTime,
    items: input.items.map((item) => ({ ...item, status: item.status ?? status })),
    ...(status === 'DELIVERED' && { deliveredDate: writeUtc(statusTime) }),
  })
  return { eventId }
}
