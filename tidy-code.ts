/** What a rule reads of a TypeScript file. Positions and lines are those of the source in both texts. */
export interface CodeText {
  /** Comments are blanks; strings stand. */
  code: string
  /** Comments, regular expressions and the insides of strings and templates are blanks; what a template computes stands. */
  bare: string
}

type Kind = 'code' | 'comment' | 'text'

/** Splits TypeScript into code, comments and text without a parser: enough for rules that look for words. */
export function readCode(source: string): CodeText {
  const kinds = new Array<Kind>(source.length).fill('code')
  /** Braces open inside each template expression that we are in, the innermost last. */
  const templates: number[] = []
  const mark = (from: number, to: number, kind: Kind) => {
    kinds.fill(kind, from, Math.min(to, source.length))
    return Math.min(to, source.length)
  }
  for (let at = 0; at < source.length; ) {
    const char = source.charAt(at)
    const two = source.slice(at, at + 2)
    const depth = templates.at(-1)
    if (two === '//') at = mark(at, endOfLine(source, at), 'comment')
    else if (two === '/*') at = mark(at, after(source, '*/', at + 2), 'comment')
    else if (char === "'" || char === '"') {
      const end = endOfQuoted(source, at)
      mark(at + 1, end - 1, 'text')
      at = end
    } else if (char === '`' || (char === '}' && depth === 0)) {
      if (char === '}') templates.pop()
      const end = endOfTemplateText(source, at + 1)
      mark(at + 1, end.at, 'text')
      if (end.opens) templates.push(0)
      at = end.at + (end.opens ? 2 : 1)
    } else if (char === '/' && beginsRegExp(lastCode(source, kinds, at))) {
      const end = endOfRegExp(source, at)
      mark(at + 1, end, 'text')
      at = end
    } else {
      if (depth !== undefined && (char === '{' || char === '}')) {
        templates[templates.length - 1] = depth + (char === '{' ? 1 : -1)
      }
      at += 1
    }
  }
  return {
    code: blank(source, kinds, ['comment']),
    bare: blank(source, kinds, ['comment', 'text']),
  }
}

function blank(source: string, kinds: Kind[], away: Kind[]): string {
  let text = ''
  for (let at = 0; at < source.length; at++) {
    const char = source.charAt(at)
    text += char !== '\n' && away.includes(kinds[at] ?? 'code') ? ' ' : char
  }
  return text
}

function after(source: string, word: string, from: number): number {
  const found = source.indexOf(word, from)
  return found < 0 ? source.length : found + word.length
}

function endOfLine(source: string, from: number): number {
  const found = source.indexOf('\n', from)
  return found < 0 ? source.length : found
}

/** Just behind the closing quote; an unclosed string ends with its line. */
function endOfQuoted(source: string, from: number): number {
  const quote = source.charAt(from)
  for (let at = from + 1; at < source.length; at++) {
    if (source.charAt(at) === '\\') at += 1
    else if (source.charAt(at) === quote) return at + 1
    else if (source.charAt(at) === '\n') return at
  }
  return source.length
}

/** Where a template's text ends: at its back-tick, or at the `$` that opens an expression. */
function endOfTemplateText(source: string, from: number): { at: number; opens: boolean } {
  for (let at = from; at < source.length; at++) {
    if (source.charAt(at) === '\\') at += 1
    else if (source.charAt(at) === '`') return { at, opens: false }
    else if (source.startsWith('${', at)) return { at, opens: true }
  }
  return { at: source.length, opens: false }
}

/** The code just before a position, without comments. */
function lastCode(source: string, kinds: Kind[], at: number): string {
  let from = at
  while (from > 0 && (kinds[from - 1] === 'comment' || /\s/.test(source.charAt(from - 1))))
    from -= 1
  return source.slice(Math.max(0, from - 12), from)
}

/** A slash divides behind a value (a name, a number, a closing bracket); everywhere else it begins a regular expression. */
function beginsRegExp(before: string): boolean {
  if (/(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|await|yield)$/.test(before)) {
    return true
  }
  return !/[\w$)\]'"`]$/.test(before)
}

function endOfRegExp(source: string, from: number): number {
  let inClass = false
  for (let at = from + 1; at < source.length; at++) {
    const char = source.charAt(at)
    if (char === '\\') at += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '\n' || (char === '/' && !inClass)) return at
  }
  return source.length
}

/** What a file imports or re-exports, types and dynamic imports of a literal included, with the line. */
export function readImports(text: CodeText): { from: string; line: number }[] {
  const forms = [
    /(?:^|[;}\s])(?:import|export)\b[^'"`;()]*?\bfrom\s*(['"])(?<from>[^'"\n]+)\1/g,
    /(?:^|[;}\s])import\s*(['"])(?<from>[^'"\n]+)\1/g,
    /\b(?:import|require)\s*\(\s*(['"`])(?<from>[^'"`\n]+)\1/g,
  ]
  const found = forms.flatMap((form) =>
    [...text.code.matchAll(form)].map((match) => ({
      from: match.groups?.from ?? '',
      at: match.index + match[0].length - 1,
    })),
  )
  // A sentence in a string may read like an import: the closing quote of a true one is code.
  return found
    .filter(({ at }) => text.bare.charAt(at) !== ' ')
    .map(({ from, at }) => ({ from, line: lineOf(text.code, at) }))
}

export const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length
