import { InvalidArgumentError } from 'commander'

/** Reads an option's number; commander shows the message with the option's name. */
export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be a whole number, 0 or more.')
}
