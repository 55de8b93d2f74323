/** Another page number in the type in which the partner reads it: a text stays a text. What is no number is the first page. */
export function turned(asked: unknown, pages: number): number | string {
  const number = Number(asked ?? 1)
  const given = (Number.isInteger(number) ? number : 1) + pages
  return typeof asked === 'string' ? String(given) : given
}
