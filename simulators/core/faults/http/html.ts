import { z } from 'zod'
import { defineHttpFault } from '../fault.ts'

const page = (status: number) =>
  `<html>\n<head><title>${status}</title></head>\n<body>\n<center><h1>${status}</h1></center>\n<hr><center>gateway</center>\n</body>\n</html>\n`

export const html = defineHttpFault({
  name: 'html',
  about: 'Answers with a web page, as a proxy in between does; nothing was done unless `applied`.',
  options: z.object({
    status: z.int().min(200).max(599).default(502),
    applied: z.boolean().default(false),
  }),
  apply: (plan, { options }) => ({
    ...plan,
    apply: options.applied ? plan.apply : 'never',
    instead: {
      status: options.status,
      text: page(options.status),
      contentType: 'text/html; charset=utf-8',
    },
  }),
})
