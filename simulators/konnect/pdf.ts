/** Lines on a page; what does not fit is left out. A4 at 12 points a line. */
const linesMax = 60

/**
 * A small valid PDF: one A4 page for each list of lines, in Helvetica. The same lines give the same bytes. What is not Latin-1 is
 * written as a question mark.
 */
export function renderPdf(pages: readonly (readonly string[])[]): Uint8Array {
  const font = 3
  const objects: string[] = []
  const kids = pages.map((_, at) => `${font + 1 + at * 2} 0 R`)
  objects.push('<< /Type /Catalog /Pages 2 0 R >>')
  objects.push(`<< /Type /Pages /Kids [${kids.join(' ')}] /Count ${pages.length} >>`)
  objects.push('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>')
  for (const [at, lines] of pages.entries()) {
    const content = font + 2 + at * 2
    const shown = lines.slice(0, linesMax).map((line) => `(${escapeLine(line)}) Tj T*`)
    const stream = `BT /F1 11 Tf 12 TL 50 790 Td ${shown.join('\n')} ET`
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${content} 0 R ` +
        `/Resources << /Font << /F1 ${font} 0 R >> >> >>`,
    )
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`)
  }
  return Buffer.from(assemble(objects), 'latin1')
}

/** Every character is one byte (Latin-1), so lengths are offsets. */
function assemble(objects: readonly string[]): string {
  let text = '%PDF-1.4\n'
  const offsets: number[] = []
  for (const [at, object] of objects.entries()) {
    offsets.push(text.length)
    text += `${at + 1} 0 obj\n${object}\nendobj\n`
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`)
  const size = objects.length + 1
  return (
    `${text}xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}` +
    `trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`
  )
}

const escapeLine = (line: string): string =>
  line.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?').replaceAll(/[\\()]/g, '\\$&')
