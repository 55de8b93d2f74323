import { PartnerError } from '../partners/errors.ts'
import { pollOrders, pollReturns } from './order-poll.ts'
import { readMark, type SellerSite, writeMark } from './seller-site.ts'

const asked = 'seller-hints-asked'
const answered = 'seller-hints-answered'

/** The least time between two polls that events ask for: anybody can post to a public address. */
const gapMs = 1_000

/** Polls at once when somebody hints that there is news. What the hint says is not read: Konnect is asked. */
export type OrderHint = {
  /** Writes the hint down, so that a crash does not lose it, and starts to poll. */
  take(): void
  /** Goes on with a hint that was taken before the process died. */
  wake(): void
  close(): void
}

export function createOrderHint(site: SellerSite): OrderHint {
  let isPolling = false
  let isClosed = false
  let nap: AbortController | undefined
  const isWaiting = () => (readMark(site, asked) ?? 0) > (readMark(site, answered) ?? 0)

  let polledAtMs: number | undefined

  const rest = async () => {
    const leftMs = polledAtMs === undefined ? 0 : polledAtMs + gapMs - site.nowMs()
    if (leftMs <= 0) return
    nap = new AbortController()
    const { signal } = nap
    try {
      await site.ports.clock.sleep(leftMs, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      nap = undefined
    }
  }
  const poll = async () => {
    while (isWaiting() && !isClosed) {
      await rest()
      if (isClosed) return
      // Hints that come while we read may be about what was read already: they are another round.
      const upTo = readMark(site, asked) ?? 0
      try {
        await pollOrders(site, { trace: [] })
        await pollReturns(site, { trace: [] })
      } catch (error) {
        // The calls are in the log; the scheduled poll will find the news.
        if (!(error instanceof PartnerError)) throw error
      }
      polledAtMs = site.nowMs()
      site.storage.transaction('hint-answered', () => writeMark(site, answered, upTo))
    }
  }
  const wake = () => {
    if (isPolling || isClosed || !isWaiting()) return
    isPolling = true
    site.ports.background('order-hint', async () => {
      try {
        await poll()
      } finally {
        isPolling = false
      }
    })
  }
  return {
    take() {
      site.storage.transaction('hint', () =>
        writeMark(site, asked, (readMark(site, asked) ?? 0) + 1),
      )
      wake()
    },
    wake,
    close() {
      isClosed = true
      nap?.abort(new Error('Closed.'))
    },
  }
}
