import type { ClientPorts } from '../../../simulators/core/conductor.ts'
import { isRecord } from '../difference.ts'
import { type Outcome, ShopRefused } from './driver.ts'

/** The page that the last action of a customer led to. */
export type Page = Outcome & { customer: string }

/** The shop's HTTP surface as a customer or an operator meets it: JSON requests and nothing else. */
export interface ShopSurface {
  /** As a customer; what comes back is the page they see next. */
  browse(customer: string, method: string, path: string, body?: object): Promise<Outcome>
  /** As the operator. Throws `ShopRefused` on any status but 2xx. */
  operate(method: string, path: string, body?: object): Promise<Outcome>
  /** The page that each customer saw last; the newest stands last. */
  pages(): Page[]
  /** Keeps what an action was answered. */
  show(answer: Outcome): void
  /** The last of them, if any. */
  answers(): Outcome[]
}

export function createShopSurface(ports: ClientPorts, origin: string): ShopSurface {
  const pages = new Map<string, Page>()
  let shown: Outcome[] = []
  const call = async (method: string, path: string, body?: object, customer?: string) => {
    const response = await ports.fetch(`${origin}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(customer === undefined ? {} : { 'x-customer': customer }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer = readAnswer(await response.text(), response.headers.get('content-type') ?? '')
    return { status: response.status, answer }
  }
  return {
    async browse(customer, method, path, body) {
      const { status, answer } = await call(method, path, body, customer)
      const page: Page = { ...answer, customer, status }
      // The newest stands last: without a customer, an expectation means that one.
      pages.delete(customer)
      pages.set(customer, page)
      if (status >= 400)
        throw new ShopRefused(`${method} ${path}: ${messageOf(status, answer)}`, page)
      return page
    },
    async operate(method, path, body) {
      const { status, answer } = await call(method, path, body)
      if (status >= 400)
        throw new ShopRefused(`${method} ${path}: ${messageOf(status, answer)}`, answer)
      return answer
    },
    pages: () => [...pages.values()],
    show: (answer) => {
      shown = [answer]
    },
    answers: () => shown,
  }
}

/** A document that is no JSON (a PDF) is told by its type and length. */
function readAnswer(text: string, type: string): Outcome {
  if (text === '') return {}
  if (type.startsWith('application/pdf')) return { content_type: type, length: text.length }
  if (type.startsWith('text/csv')) return { text }
  const answer: unknown = JSON.parse(text)
  return isRecord(answer) ? answer : { answer }
}

function messageOf(status: number, answer: Outcome): string {
  const error = isRecord(answer.error) ? answer.error : answer
  const said = [error.code, error.message].filter((one) => typeof one === 'string').join(': ')
  return said === '' ? `status ${status}` : `${status} ${said}`
}
