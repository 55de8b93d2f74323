/* Runs in the browser: opens the document that the page names, with credentials filled in. */
const place = document.getElementById('console')

fetch(place.dataset.url)
  .then((answer) => {
    if (!answer.ok) throw new Error(`${place.dataset.url} answered ${answer.status}`)
    return answer.json()
  })
  .then((prepared) => {
    const ui = window.SwaggerUIBundle({
      spec: prepared.document,
      domNode: place,
      tryItOutEnabled: true,
      deepLinking: true,
      // No call to a validator elsewhere.
      validatorUrl: null,
      onComplete: () => {
        for (const each of prepared.authorize) {
          if ('value' in each) ui.preauthorizeApiKey(each.scheme, each.value)
          else ui.preauthorizeBasic(each.scheme, each.username, each.password)
        }
      },
    })
  })
  .catch((error) => {
    place.textContent = `The document cannot be shown: ${error.message}`
  })
