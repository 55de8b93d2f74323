import { resolve } from 'node:path'
import type { Finding } from '../finding.ts'
import type { Options } from '../options.ts'
import { askOnce, type Contender, compare } from '../pair.ts'
import type { Question } from '../questions.ts'
import { readJson } from '../raw-client.ts'
import { differenceInShape, type PairedResult } from '../rounds.ts'
import type { Peer, PeerQuestion, PeerRoute } from './peer.ts'
import { type Outcome, reportPeers } from './report-peers.ts'
import { peers } from './table.ts'

/** An ignored folder of the checkout. */
const tools = '.tools/peers'

/** Asks each peer in turns with the floor, one peer after the other; `result` is what the simulator did beside the same floor. */
export async function findPeers(
  question: Question,
  name: PeerQuestion,
  { simulator, floor, result }: { simulator: Contender; floor: Contender; result: PairedResult },
  options: Options,
): Promise<Finding> {
  const { request, answer } = await askOnce(question, simulator)
  const route: PeerRoute = { question: name, ...callOf(request), answer: answer as object }
  const outcomes: Outcome[] = []
  for (const peer of peers) {
    outcomes.push({ peer, ...(await measure(peer, route, { question, floor, options })) })
  }
  return reportPeers({ title: question.title, question: name, simulator: result, outcomes })
}

async function measure(
  peer: Peer,
  route: PeerRoute,
  { question, floor, options }: { question: Question; floor: Contender; options: Options },
): Promise<Omit<Outcome, 'peer'>> {
  let running: Awaited<ReturnType<Peer['start']>> | undefined
  try {
    const folder = await peer.fetch(resolve(tools))
    running = await peer.start(folder, route)
    // The floor's process is not the peer's.
    const { child: _, beforeRound: __, ...target } = floor
    const contender = { ...target, port: running.port }
    // The second is shorter: whoever answers the same each time is found out.
    for (const skus of [target.skus, target.skus.slice(0, 3)]) {
      const exchange = await askOnce(question, { ...contender, skus })
      const wrong = wrongInAnswer(peer, route, exchange)
      if (wrong !== undefined) throw new Error(`answers wrongly: ${wrong}`)
    }
    return { result: await compare(question, { floor, contender }, options) }
  } catch (error) {
    return { leftOut: error instanceof Error ? error.message : String(error) }
  } finally {
    await running?.stop()
  }
}

/** Method and path of a rendered request. */
export function callOf(request: Buffer): Pick<PeerRoute, 'method' | 'path'> {
  const [method = '', target = ''] = request.toString('utf8', 0, 500).split(' ')
  return { method: method as PeerRoute['method'], path: target.split('?')[0] ?? '' }
}

/** Why an answer is not the wanted one; undefined: it is. Its status was looked at before. */
export function wrongInAnswer(
  { isEchoing }: Pick<Peer, 'isEchoing'>,
  { question, answer: wanted }: PeerRoute,
  { request, answer }: { request: Buffer; answer: unknown },
): string | undefined {
  const difference = differenceInShape(wanted, answer)
  if (difference !== undefined) return difference
  if (question === 'stock') {
    const [many, given] = [wanted, answer].map((each) => (each as { items: [] }).items.length)
    return many === given ? undefined : `${given} items, wanted ${many}`
  }
  if (!isEchoing) return undefined
  const [sent, told] =
    question === 'order'
      ? [
          (readJson(request) as { order_info: Order }).order_info.affiliate_order_id,
          (answer as Order).affiliate_order_id,
        ]
      : [
          (readJson(request) as []).length,
          (answer as { data: { payload_count: number } }).data.payload_count,
        ]
  return sent === told ? undefined : `${told}, wanted ${sent} of the body`
}

interface Order {
  affiliate_order_id: string
}
