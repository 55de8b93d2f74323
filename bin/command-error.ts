/** Ends the command with one clear message. 1: it went wrong, 2: it was asked for in a way that cannot work. */
export class CommandError extends Error {
  readonly exitCode: 1 | 2

  constructor(message: string, exitCode: 1 | 2) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}
