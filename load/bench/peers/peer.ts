/** Another tool that can stand in for a partner, as far as it goes. A new one is a file beside this and a line in `table.ts`. */
export interface Peer {
  name: string
  /** Pinned. */
  version: string
  /** One line: what of the questions it does, and what it leaves out. */
  does: string
  /** It parses the body of a write, at least. */
  readsBody: boolean
  /** It puts what stands in the body of a write into its answer. */
  isEchoing: boolean
  /** Brings it into a folder of its own under `tools`, once, and answers the folder. Throws a line to show when it cannot be had. */
  fetch(tools: string): Promise<string>
  /** Starts it on a free port of 127.0.0.1, in a process of its own. */
  start(folder: string, route: PeerRoute): Promise<RunningPeer>
}

export const peerQuestions = ['stock', 'inventory', 'order'] as const
export type PeerQuestion = (typeof peerQuestions)[number]

export const isPeerQuestion = (name: string): name is PeerQuestion =>
  (peerQuestions as readonly string[]).includes(name)

/** The one call that a peer is taught. */
export interface PeerRoute {
  question: PeerQuestion
  method: 'GET' | 'POST' | 'PUT'
  /** Without the query. */
  path: string
  /** What the simulator answered: the peer's answer has its shape. */
  answer: object
}

export interface RunningPeer {
  port: number
  stop(): Promise<void>
}

const slot = '@echo@'

/**
 * The text of the answer, cut where the value from the body of the call belongs; `join` puts JSON, or what a template language makes JSON of,
 * there. Order: `affiliate_order_id`; inventory: the number of records. One part where nothing of a body is wanted.
 */
export function answerParts({ question, answer }: PeerRoute): string[] {
  return JSON.stringify(withSlots(question, answer as Record<string, object>)).split(`"${slot}"`)
}

function withSlots(question: PeerQuestion, answer: Record<string, object>): object {
  if (question === 'order') return { ...answer, affiliate_order_id: slot }
  if (question === 'stock') return answer
  return { ...answer, data: { ...answer.data, payload_count: slot, success_count: slot } }
}
