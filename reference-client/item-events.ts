import type { ItemRow } from './orders.ts'
import type { Site } from './site.ts'

/** What a partner told about one item. */
export type ItemNews = { status: string; event: string; eventId: string; atMs: number }

/**
 * Keeps an event in the item's history and moves the item, unless the item already knows something newer; in a transaction.
 * Answers whether it moved. `progress` are the partner's states by how far along they are: the tie-break for one millisecond.
 */
export function keepItemEvent(
  site: Site,
  item: ItemRow,
  news: ItemNews,
  progress: readonly string[],
): boolean {
  const isNewer = isNews(item, news, progress)
  site.storage.run(
    `INSERT INTO item_events (item_id, order_id, status, event, event_id, at, is_applied) VALUES (?, ?, ?, ?, ?, ?, ?)`,
    item.id,
    item.order_id,
    news.status,
    news.event,
    news.eventId,
    news.atMs,
    isNewer ? 1 : 0,
  )
  if (isNewer) {
    const { status, atMs } = news
    site.storage.run(
      'UPDATE items SET status = ?, status_at = ? WHERE id = ?',
      status,
      atMs,
      item.id,
    )
  }
  return isNewer
}

function isNews(item: ItemRow, news: ItemNews, progress: readonly string[]): boolean {
  if (item.status === null || item.status_at === null) return true
  if (news.atMs !== item.status_at) return news.atMs > item.status_at
  return progress.indexOf(news.status) >= progress.indexOf(item.status)
}
