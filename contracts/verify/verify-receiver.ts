import { createWorld } from '../../simulators/index.ts'
import { CannotVerify, type Check, sayError } from './check.ts'
import { deeds } from './deeds.ts'
import { listenToAll, type Told } from './partner-calls.ts'
import { inOtherBytes, isForm, type WebhookProof, webhookProofs } from './webhook-proofs.ts'
import { putValues, type Values } from './webhook-values.ts'

export interface ReceiverWish {
  partner: string
  /** Where the shop listens; each call goes to its usual path below it. */
  url: string
  /** Whole URLs for those that lie elsewhere, by the names that a world's shop has for them (`webhook_url`). */
  places: Readonly<Record<string, string>>
  /** What partner and shop share; by default what the world of this seed has. Arvind: `username:password`. */
  secret?: string
  seed?: number
  /** Values to put into what is told, by the name of the field: an order that the receiver knows. */
  values: Values
}

/** Usual paths of a shop by the name of the setting that moves them. */
const usualPaths: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  fynd: { webhook_url: '/webhooks/gofynd' },
  arvind: {
    update_inventory_url: '/api/arvind/update-inventory',
    order_status_url: '/api/arvind/order-status',
  },
  konnect: { webhook_url: '/webhooks/konnect' },
  'payment-gateway': { return_url: '/gateway/callback', webhook_url: '/gateway/webhook' },
}

/** What `up` starts with, so that a shop with its credentials needs to be told nothing. */
const defaultSeed = 1
/** A partner's own patience is 5 or 10 s. */
const timeoutMs = 10_000
/** Of an answer, in a note. */
const shownMax = 200

/**
 * Plays a partner's webhooks at a receiver: each event with a wrong proof (to be refused) and then with the right one (to be taken), once
 * more (at-least-once delivery), one in other bytes where the bytes are signed, and at last those of other orders, last first (no partner
 * promises an order). Throws `CannotVerify` for what the partner does not have and for a secret that is none.
 */
export async function verifyReceiver(wish: ReceiverWish): Promise<Check[]> {
  const { partner, values } = wish
  const stories = Object.entries(deeds).find(([name]) => name === partner)?.[1]
  const proof = webhookProofs[partner]
  if (!stories || !proof) {
    throw new CannotVerify(
      `No partner "${partner}" tells anything. Known: ${Object.keys(deeds).join(', ')}.`,
    )
  }
  const secret = secretOf(wish, proof)
  const place = placesOf(wish)
  const all = putValues(
    listenToAll(partner, stories, wish.seed ?? defaultSeed).map(proof.strip),
    values,
  )
  const firsts = all.filter(
    ({ event }, at) => all.findIndex((other) => other.event === event) === at,
  )
  const late = all.filter((call) => !firsts.includes(call)).reverse()
  const group = `${partner} → ${wish.url}`
  const checks: Check[] = []
  const ask = async (name: string, call: Told, judge: Judge): Promise<boolean> => {
    const check = await tell(place(call.path), name, call, judge)
    checks.push({ group, ...check })
    return check.outcome === 'green'
  }
  const take = takenBy(partner)
  const asked = new Set<string>()
  const rewritten = proof.isBinding && proof.coversBody && firsts.find((call) => !isForm(call))
  for (const call of firsts) {
    if (proof.isBinding) {
      const forgeries = forge(call, proof, secret)
      // One of each kind for each path; a wrong signature for every event.
      for (const { how, forged } of asked.has(call.path) ? forgeries.slice(0, 1) : forgeries) {
        await ask(`${call.event} ${how} is refused`, forged, isRefused)
      }
      asked.add(call.path)
    }
    const genuine = proof.prove(call, secret)
    const isTaken = await ask(`${call.event} is taken`, genuine, take)
    const again = isTaken ? takenBy(partner, againHint) : take
    await ask(`${call.event} a second time is taken`, genuine, again)
    if (call === rewritten) {
      const judge = isTaken ? takenBy(partner, signedHint) : take
      await ask(
        `${call.event} in other bytes is taken: ${signedRule}`,
        proof.prove(inOtherBytes(call), secret),
        judge,
      )
    }
  }
  for (const call of late) {
    await ask(`${call.event}, late and out of order, is taken`, proof.prove(call, secret), take)
  }
  if (!proof.isBinding) checks.push(unsigned(group))
  return checks
}

const signedRule = 'the signature is of the bytes, not of the parsed body'
const signedHint = ' Check the signature of the bytes as they came, before anything parses them.'
const againHint = ' Partners deliver at least once: what was taken is to be taken again.'

/** What partner and shop share. An empty text is what a missing variable of a pipeline becomes, and would prove nothing. */
function secretOf(
  { partner, secret, seed = defaultSeed }: ReceiverWish,
  proof: WebhookProof,
): string {
  if (secret === undefined) return proof.secretOf(createWorld({ seed }).credentials(partner))
  if (secret.trim() === '') {
    throw new CannotVerify('The secret is empty. Leave it out for that of the seed.')
  }
  if (proof.form && !proof.form.pattern.test(secret)) {
    throw new CannotVerify(`The secret of ${partner} is ${proof.form.words}.`)
  }
  return secret
}

const unsigned = (group: string): Check => ({
  group,
  name: 'a wrong signature is refused',
  outcome: 'skipped',
  notes: [
    'How the partner signs is assumed: a shop may take its events as a hint and trust what it then fetches.',
  ],
  wallMs: 0,
})

/** What is wrong with an answer; undefined when nothing is. */
type Judge = (call: Told, status: number, body: string) => string | undefined

async function tell(
  url: string,
  name: string,
  { headers, body, ...call }: Told,
  judge: Judge,
): Promise<Omit<Check, 'group'>> {
  const begunMs = performance.now()
  const why = await fetch(url, {
    method: 'POST',
    headers,
    body,
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  })
    .then(async (answer) => judge({ headers, body, ...call }, answer.status, await answer.text()))
    .catch((error: unknown) => `No answer: ${sayError(error)}`)
  return {
    name,
    outcome: why === undefined ? 'green' : 'red',
    notes: why === undefined ? [] : [`POST ${url}: ${why}`],
    wallMs: performance.now() - begunMs,
  }
}

/** The hint stands in for the one about orders that the receiver does not know. */
function takenBy(partner: string, hint?: string): Judge {
  return (call, status, body) => {
    const shown = `answered ${status} ${body.slice(0, shownMax)}`.trim()
    // A customer's browser may be sent on to a page.
    if (status < 200 || status >= (isForm(call) ? 400 : 300)) {
      const known = [404, 409, 422, 503].includes(status)
        ? ` Does the receiver know this order? Make it known, or name one that it knows: --set ${orderField(call)}=…`
        : ''
      return `${shown}; a partner takes 2xx for taken.${hint ?? known}`
    }
    // facts/arvind.md 3.7: a 2xx alone is told again.
    if (partner === 'arvind' && !saysTrue(body)) {
      return `${shown}; Arvind takes {"status":true} for taken and tells anything else again.`
    }
    return undefined
  }
}

function saysTrue(body: string): boolean {
  try {
    const answer: unknown = JSON.parse(body)
    return typeof answer === 'object' && answer !== null && Reflect.get(answer, 'status') === true
  } catch {
    return false
  }
}

const isRefused: Judge = (_call, status, body) => {
  const shown = `answered ${status} ${body.slice(0, shownMax)}`.trim()
  // Who has nothing there has refused nothing.
  if (status === 404 || status === 405) {
    return `${shown}; that tells of the path, not of a forgery. Does it lie elsewhere? Name it: --place …`
  }
  if (status >= 400 && status < 500) return undefined
  return `${shown}; a forged call is to be refused with a 4xx.`
}

const orderFields = [
  'affiliate_order_id',
  'orderReference',
  'merchant_order_id',
  'skuId',
  'marketplaceOrderId',
]

const orderField = ({ body }: Told): string =>
  orderFields.find((name) => body.includes(name)) ?? 'FIELD'

/** Calls that no honest partner makes; the wrong proof first. */
function forge(call: Told, proof: WebhookProof, secret: string): { how: string; forged: Told }[] {
  const [word, wrong] = proof.coversBody
    ? ['signature', 'a wrong signature']
    : ['credentials', 'wrong credentials']
  const forgeries = [
    { how: `with ${wrong}`, forged: proof.prove(call, `${secret}-of-somebody-else`) },
    { how: `without ${word}`, forged: proof.strip(call) },
  ]
  if (!proof.coversBody) return forgeries
  const changed = { ...proof.prove(call, secret) }
  if (isForm(call)) {
    const form = new URLSearchParams(changed.body)
    form.set('debited', form.get('debited') === 'true' ? 'false' : 'true')
    changed.body = form.toString()
  } else changed.body = JSON.stringify({ ...JSON.parse(changed.body), changed_on_the_way: true })
  return [...forgeries, { how: 'changed after it was signed', forged: changed }]
}

function placesOf({ partner, url, places }: ReceiverWish): (path: string) => string {
  const usual = usualPaths[partner] ?? {}
  const unknown = Object.keys(places).find((name) => !Object.hasOwn(usual, name))
  if (unknown !== undefined) {
    const known = Object.keys(usual).join(', ')
    throw new CannotVerify(`${partner} has no "${unknown}" to call. Known: ${known}.`)
  }
  for (const [name, target] of Object.entries(places)) {
    if (!/^https?:\/\//.test(target) || !URL.canParse(target)) {
      throw new CannotVerify(
        `--place ${name}=${target}: that is no URL. Write for example http://127.0.0.1:3000/hooks`,
      )
    }
  }
  const moved = new Map(
    Object.entries(usual).flatMap(([name, path]) => {
      const target = places[name]
      return target === undefined ? [] : [[path, target] as const]
    }),
  )
  return (path) => moved.get(path) ?? `${url.replace(/\/+$/, '')}${path}`
}
