import type { z } from 'zod'
import type { Answer } from './answer.ts'
import type { BatchShape } from './batch-shape.ts'
import type { PartnerView } from './judge/views.ts'
import type { OwnCatalogue } from './own-catalogue.ts'
import type { RandomStream } from './random.ts'
import type { Refusal } from './refusal.ts'

/** The types that one partner brings along. All of `state` is plain data: JSON values, `Map` and `Set`. */
export interface PartnerTypes {
  state: object
  /** Built once per (size, own file), deeply frozen, shared by all worlds. */
  catalogue: object
  /** The values of `assumptions`, by switch name. */
  assumptions: object
  /** Strings by name; every value is redacted in journal and reports unless listed in `openCredentials`. */
  credentials: Record<string, string>
  /** What `authenticate` found out about the caller. */
  auth: unknown
  /** Where the shop under test listens for this partner (design 4, `…/shop`). */
  site: Record<string, string | undefined>
}

/** `work` is what `settle` waits for, `deadline` and `periodic` fire in their place but are never waited for. */
export type TimerKind = 'work' | 'deadline' | 'periodic'
export type TimerId = number

export interface Emission {
  /** The event's name on the wire, for example `BAG_PICKED`. */
  event: string
  /** Which of `webhooks.channels` carries it. */
  channel: string
  /** Who receives it: the key under which block and resync are counted. */
  subscriber: string
  /** The body as it will leave: an object is written as compact JSON, a string goes as it is. */
  body: object | string
  contentType?: string
  /** Headers besides content type and signature, for example `x-fp-event-id`. */
  headers?: Record<string, string>
  /** The id that receivers use to tell duplicates. */
  eventId: string
  /** Where it goes, if that is not `channel.url`. */
  url?: string
  delayMs?: number
}

/**
 * What a partner's code may see and do in one world. One object per world and partner; `state` is read anew each time, because
 * restore and reset replace it.
 */
export interface PartnerContext<T extends PartnerTypes> {
  readonly state: T['state']
  readonly catalogue: T['catalogue']
  readonly assumptions: T['assumptions']
  readonly credentials: T['credentials']
  /** The site of the shop under test; its URLs are undefined until a shop is named. */
  readonly site: T['site']
  /** The world's time, epoch milliseconds. */
  readonly nowMs: number
  /** Time by which freshness of dates and signatures is judged (design 4, `client_clock`), epoch milliseconds. */
  readonly clientNowMs: number
  /** Public origin with the world's prefix, no trailing slash: `http://127.0.0.1:4010` or `…/w/blue`. */
  readonly origin: string
  /** A named stream of the world's chance, for example `ids/<partner>.order`. */
  random(name: string): RandomStream
  /** Plain data only; `name` is a key of the partner's `timers`. */
  schedule(timer: { name: string; kind: TimerKind; dueMs: number; args: object }): TimerId
  cancel(timer: TimerId): void
  /** Puts an event in the messenger's outbox and returns at once. */
  emit(emission: Emission): void
  /** Journals a state change: what changed, and the facts a reader needs. Plain data. */
  record(what: string, data: object): void
  /** Sets a blocked subscriber active again; what waited is sent (RESYNC). Refuses an unknown one. */
  reactivate(subscriber: string): void
}

export interface OperationCall<T extends PartnerTypes> {
  ctx: PartnerContext<T>
  /** Path and query parameters and headers as the document types them (coerced); headers by lower-case name. */
  path: Record<string, string>
  query: Record<string, unknown>
  headers: Record<string, string>
  /** The parsed body, checked against the operation's schema. Undefined when the operation has none. */
  body: unknown
  auth: T['auth']
  /** Which of the partner's `servers` stood before the path; '' for none. */
  server: string
  /** From the stream `ids/<partner>.request`; for `x-request-id` and the like. */
  requestId: string
  /**
   * Checks one record of a batch, whose array in the body's property `at` ('' for the body itself) is marked `x-each-record` in the
   * document: the door has checked only the envelope. Null when it is sound.
   */
  checkRecord(at: string, record: unknown): readonly { path: string; message: string }[] | null
}

/** Synchronous: a request is applied in one step. Throws `Refusal` before it has changed anything. */
export type Operation<T extends PartnerTypes> = (call: OperationCall<T>) => Answer

/** Typed helper for `operations/<resource>.ts`: handlers by `operationId`. */
export const defineOperations = <T extends PartnerTypes>(
  operations: Record<string, Operation<T>>,
): Record<string, Operation<T>> => operations

/** What the door knows before the body is checked: enough to authenticate. */
export interface IncomingCall {
  method: string
  /** Path and query exactly as the client sent them, any prefix included. */
  target: string
  /** The same without world and partner prefix and without the query. */
  path: string
  pathParams: Record<string, string>
  headers: Record<string, string>
  /** The raw body as text ('' when there is none). */
  bodyText: string
  operationId: string
  /** Which of `servers` stood before the path; '' for none. */
  server: string
}

export interface Act<T extends PartnerTypes, Input = unknown> {
  /** One sentence for `understudy do --help` and the control plane. */
  about: string
  input: z.ZodType<Input>
  /** Synchronous. What it returns is plain data (contract states use it). Throws `Refusal` before changing anything. */
  apply(ctx: PartnerContext<T>, input: Input): object | undefined
}

/** Keeps the input type of one act; `name` is `<partner>.<thing>.<verb>`. */
export const defineAct = <T extends PartnerTypes, Schema extends z.ZodType>(act: {
  about: string
  input: Schema
  apply(ctx: PartnerContext<T>, input: z.output<Schema>): object | undefined
}): Act<T> => act as unknown as Act<T>

export interface Ladder {
  /** Milliseconds from the failed attempt n to attempt n + 1; its length + 1 is the number of attempts. */
  gapsMs: readonly number[]
  /** An attempt without an answer counts as failed after this long. */
  timeoutMs: number
  /** When the last attempt fails: block the subscriber (later events wait for a resync), or just give up on this event. */
  onExhausted: 'block' | 'dead-letter'
}

/** What a receiver answered to one attempt, and what it answered to. */
export interface HeardAnswer {
  event: string
  eventId: string
  subscriber: string
  /** The bytes that were sent. */
  sent: string
  status: number
  /** Cut at `answerBytesMax` (messenger/delivery.ts). */
  body: string
}

export interface Channel<T extends PartnerTypes> {
  /** Where this channel posts for a subscriber; undefined: nobody listens, the delivery is a named dead letter. */
  url(ctx: PartnerContext<T>, subscriber: string): string | undefined
  ladder(ctx: PartnerContext<T>): Ladder
  /** Headers that prove who sent these bytes, made anew for each attempt. Never called with altered bytes. */
  sign(ctx: PartnerContext<T>, bytes: string, subscriber: string): Record<string, string>
  /** Whether an answer ends the delivery well. Default: any 2xx. */
  isSuccess?(ctx: PartnerContext<T>, answer: HeardAnswer): boolean
  /** Whether an answer that is no success is the last word, so that no attempt follows. Default: none is. */
  isFinal?(ctx: PartnerContext<T>, answer: HeardAnswer): boolean
  /** Called in the same step when an attempt was answered, for partners that read what the shop says (per-record results). */
  onAnswer?(ctx: PartnerContext<T>, answer: HeardAnswer): void
  /** `fifo` keeps the order of emission, `shuffle` draws it. First attempts only; retries may always be overtaken. */
  ordering?(ctx: PartnerContext<T>): 'fifo' | 'shuffle'
}

/**
 * Keys in the bodies of a partner's calls, for faults that make up strangers: an item that nobody has, another account's order, an event
 * that is hours old. A fault without names changes nothing.
 */
export interface BodyNames {
  item?: readonly string[]
  order?: readonly string[]
  account?: readonly string[]
  /** ISO text, or epoch numbers in seconds or milliseconds. */
  times?: readonly string[]
}

export interface Webhooks<T extends PartnerTypes> {
  names?: BodyNames
  /** Every event this partner can emit; a scenario's `on` is checked against it (and against the channel names). */
  events: readonly string[]
  channels: Record<string, Channel<T>>
}

export interface CatalogueSize {
  skus?: number
  stores?: number
}

/** A partner is one folder and one line in `simulators/index.ts`. Copy `core/testing/tiny`. */
export interface Partner<T extends PartnerTypes = PartnerTypes> {
  /** kebab-case; also the folder, the prefix on the control port, and the first word of its acts. */
  name: string
  title: string
  /** Usual port; see design 4. */
  port: number
  /** `openapi.yaml`: the one source of routes and shapes. Paths are complete (`/shop/v1/…`). */
  wire: URL
  /** What a client types in as this partner's base URL, given the public origin. */
  baseUrl(origin: string): string
  /**
   * Path prefixes under which the same operations are offered (sandboxes of one system); the one that was used is in the call. None: only
   * the paths of the document.
   */
  servers?: readonly string[]
  /** Called once per size and own catalogue; the result is frozen and shared. A partner without use for `own` ignores it. */
  catalogue(size: CatalogueSize, own?: OwnCatalogue): T['catalogue']
  createState(catalogue: T['catalogue'], startMs: number): T['state']
  /** Runs once in a fresh world, for timers that are there from the start (scheduled pushes). */
  start?(ctx: PartnerContext<T>): void
  /** Acts without input that do now what the partner does on a schedule; a scenario's epilogue lets each run once. */
  periodic?: readonly string[]
  /** Drawn from the stream `credentials/<partner>`; visibly fake. */
  createCredentials(random: RandomStream): T['credentials']
  /** Names of credentials that are no secret (an affiliate id). */
  openCredentials: readonly (keyof T['credentials'] & string)[]
  /** Sites: names of URLs and secrets of the shop, with zod. */
  site: z.ZodType<T['site']>
  /** Every switch has a default and a `.describe()` that says what it decides. Plain z.object. */
  assumptions: z.ZodType<T['assumptions']>
  /** Throws `Refusal('unauthorized' | 'forbidden', …)`. Runs before parameters and body are checked. */
  authenticate(ctx: PartnerContext<T>, call: IncomingCall): T['auth']
  operations: Record<string, Operation<T>>
  /** Operations that take or give many things at once, by `operationId`: what batch faults must know of them. */
  batches?: Readonly<Record<string, BatchShape>>
  acts: Record<string, Act<T>>
  /** Code of the timers that this partner schedules, by name (`<partner>.order.expire`). */
  timers: Record<string, (ctx: PartnerContext<T>, args: never) => void>
  webhooks: Webhooks<T>
  /** The one place that speaks the partner's refusal dialect. `call` is undefined for an unmatched path. */
  renderRefusal(
    refusal: Refusal,
    call: { operationId: string | undefined; requestId: string },
  ): Answer
  /** Neutral view for the judge. */
  view(ctx: PartnerContext<T>): PartnerView
  /**
   * What scenarios may look at as `<partner>.<thing>`: lists of plain objects in the partner's own words, by singular name
   * (`order`, `bag`, `stock`). Without it they see the lists of `view`.
   */
  things?: Record<string, (ctx: PartnerContext<T>) => object[]>
}

/**
 * Checks names at start, so that a typing error fails at import and not in a scenario. Lists hold partners of different types, so
 * the result forgets its own; inside the partner every type is kept.
 */
export function definePartner<T extends PartnerTypes>(partner: Partner<T>): Partner {
  for (const name of [...Object.keys(partner.acts), ...Object.keys(partner.timers)]) {
    if (!name.startsWith(`${partner.name}.`)) {
      throw new Error(
        `Act or timer "${name}" of ${partner.name} must begin with "${partner.name}."`,
      )
    }
  }
  return partner as unknown as Partner
}
