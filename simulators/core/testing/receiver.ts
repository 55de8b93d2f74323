/** A receiver of webhooks in this process: remembers what came and answers what it is told to. */
export interface Receiver {
  origin: string
  heard: { headers: Record<string, string>; body: string }[]
  answer: (nth: number) => number
  receive(request: Request): Promise<Response>
}

export function createReceiver(origin = 'http://127.0.0.1:4199'): Receiver {
  const receiver: Receiver = {
    origin,
    heard: [],
    answer: () => 200,
    async receive(request) {
      const body = await request.text()
      receiver.heard.push({ headers: Object.fromEntries(request.headers), body })
      return new Response('{}', { status: receiver.answer(receiver.heard.length) })
    },
  }
  return receiver
}
