import { createHash } from 'node:crypto'
import { type Answer, page } from '../core/answer.ts'
import type { Payment, PaymentOutcome } from './state.ts'
import type { CallbackFields } from './webhooks.ts'

/** What the customer reads on each button, in the order shown. */
const buttons: Record<PaymentOutcome, string> = {
  paid: 'Pay',
  failed: 'Payment fails, nothing is debited',
  'failed-debited': 'Payment fails, the amount is debited',
  aborted: 'Cancel',
  close: 'Close the window',
}

/** The hosted page of an open payment: one button for each way it can end. */
export const renderPayPage = (payment: Payment): Answer =>
  layout(
    'Payment',
    `${describe(payment)}
<form method="post">
${Object.entries(buttons)
  .map(
    ([outcome, text]) => `<button name="outcome" value="${outcome}">${escapeHtml(text)}</button>`,
  )
  .join('\n')}
</form>`,
  )

/** Where an open payment's window was closed; the address still works. */
export const renderClosedPage = (payment: Payment): Answer =>
  layout(
    'Window closed',
    `${describe(payment)}\n<p>Nothing was paid. The payment is still open.</p>`,
  )

/**
 * The end of a payment. With `callback` a form takes the customer back to the shop: by itself when `isFirstVisit`, by its button
 * otherwise and wherever scripts are off.
 */
export function renderSettledPage(
  payment: Payment,
  callback: { url: string; fields: CallbackFields } | undefined,
  isFirstVisit: boolean,
  status = 200,
): Answer {
  const way = callback
    ? renderReturnForm(callback, isFirstVisit)
    : '<p>You may close this window. The shop will hear of it, or not.</p>'
  return layout('Payment ended', `${describe(payment)}\n${way}`, status)
}

/** A refusal as the customer sees it. */
export const renderRefusalPage = (status: number, message: string): Answer =>
  layout('This does not work', `<p>${escapeHtml(message)}</p>`, status)

function renderReturnForm(callback: { url: string; fields: CallbackFields }, isAuto: boolean) {
  const inputs = Object.entries(callback.fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('\n')
  return `<form id="back" method="post" action="${escapeHtml(callback.url)}">
${inputs}
<button>Back to the shop</button>
</form>${isAuto ? `\n<script>${submitScript}</script>` : ''}`
}

const submitScript = "document.getElementById('back').submit()"
const submitScriptHash = createHash('sha256').update(submitScript).digest('base64')

const describe = (payment: Payment) => `<dl>
<dt>Order</dt><dd>${escapeHtml(payment.merchantOrderId)}</dd>
<dt>Amount</dt><dd>${payment.currency} ${writeMoney(payment.amountMinor)}</dd>
<dt>Payment</dt><dd>${escapeHtml(payment.id)}</dd>
<dt>State</dt><dd>${escapeHtml(payment.status)}</dd>
</dl>`

/** Rupees and paise of a whole number of paise. */
export const writeMoney = (minor: number): string =>
  `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`

const layout = (title: string, body: string, status = 200): Answer => ({
  ...page(
    `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 26rem; padding: 0 1rem }
dl { display: grid; gap: .25rem 1rem; grid-template-columns: max-content 1fr; overflow-wrap: anywhere }
dd { margin: 0 }
button { display: block; font: inherit; margin: .5rem 0; padding: .5rem; width: 100% }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${body}
<p><small>A rehearsal: no money moves.</small></p>
</body>
</html>
`,
    status,
  ),
  headers: {
    'cache-control': 'no-store',
    // Whatever gets past the escaping still cannot run.
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${submitScriptHash}'; frame-ancestors 'none'`,
  },
})

/** For text and for attribute values in double quotes. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
