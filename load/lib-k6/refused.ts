import type { RefinedResponse } from 'k6/http'
import { Counter } from 'k6/metrics'

type Answer = RefinedResponse<'text'>

const callsRefused = new Counter('calls_refused')

/** Counts what a partner refuses that is too busy or broken. */
export function noted(answer: Answer): Answer {
  if (mayBeRepeated(answer)) callsRefused.add(1)
  return answer
}

export const mayBeRepeated = ({ status }: Answer): boolean => status === 429 || status >= 500
