import type { Category } from '../reference-data.ts'
import type { KonnectContext } from '../state.ts'

/** Level-3 names differ from channel to channel (facts/konnect.md 2.3); which channel's are spoken is a switch. */
export function categoryName(ctx: KonnectContext, category: Category): string {
  if (category.level !== 3) return category.name
  const channel = ctx.assumptions.category_channel
  const renamed = ctx.state.categoryNames.get(`${channel}/${category.uid}`)
  const names = category.channelNames
  return renamed ?? (Object.hasOwn(names, channel) ? names[channel] : undefined) ?? category.name
}

/** The level-3 category of this exact name. */
export const categoryNamed = (ctx: KonnectContext, name: string): Category | undefined =>
  ctx.catalogue.categories.find(
    (category) => category.level === 3 && categoryName(ctx, category) === name,
  )
