// A tour of the console with a headless Chromium. Of each page: it can be used in time, writes no error to the browser's
// console, passes the checks of axe-core, light and dark, and is not wider than a phone. Then what people do on it.
import { createRequire } from 'node:module'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const { CONSOLE, CHROMIUM, MODULES, SCREENSHOTS, LIMIT_MS } = process.env
const require = createRequire(MODULES + '/')
const { chromium } = require('playwright-core')
const axe = require.resolve('axe-core/axe.min.js')
const limit = Number(LIMIT_MS)
const PATIENCE = 120_000
let failed = 0

function check (holds, what) {
  failed += holds ? 0 : 1
  console.log((holds ? 'ok    ' : 'FAIL  ') + what)
}

// Of each page its address, what is there when it can be used, and what is there when its data have come.
const PAGES = [
  ['overview', '#/', 'h1', '.plot svg'],
  ['topics', '#/topics', '[data-search]', 'table a'],
  ['topic', '#/topic/sensor-readings-0', '[role=tab]', 'tbody tr:nth-child(50)'],
  ['records', '#/topic/orders/records', 'form button.main', 'tbody button'],
  ['topic-settings', '#/topic/orders/settings', '[data-search]', 'tbody tr:nth-child(10)'],
  ['producers', '#/topic/orders/producers', 'input', 'tbody td.number'],
  ['groups', '#/groups', '[data-search]', 'table a'],
  ['group', '#/group/billing', 'h1', '.problem'],
  ['transactions', '#/transactions', '[data-search]', 'tbody td.number'],
  ['settings', '#/settings', '[data-search]', 'tbody tr:nth-child(50)'],
  ['log-dirs', '#/log-dirs', 'h1', '.bar'],
  ['problems', '#/problems', 'h1', '.problem'],
]

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
if (SCREENSHOTS) mkdirSync(SCREENSHOTS, { recursive: true })

async function inContext (options, work) {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const errors = []
  page.on('console', message => { if (['error', 'warning'].includes(message.type())) errors.push(message.text()) })
  page.on('pageerror', error => errors.push(String(error)))
  page.on('request', request => { if (!request.url().startsWith(CONSOLE) && !request.url().startsWith('data:')) errors.push('asked for ' + request.url()) })
  page.setDefaultTimeout(PATIENCE)
  await work(page, errors)
  await context.close()
}

async function open (page, address, usable) {
  const begun = performance.now()
  await page.goto(CONSOLE + '/' + address, { waitUntil: 'commit' })
  await page.waitForSelector('#main ' + usable)
  return performance.now() - begun
}

async function picture (page, name) {
  if (SCREENSHOTS) await page.screenshot({ path: join(SCREENSHOTS, name + '.png') })
}

async function violations (page) {
  await page.addScriptTag({ path: axe })
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  return found.violations.map(each => each.id + ' (' + each.nodes.length + '): ' + each.nodes[0].target.join(' '))
}

const desktop = { viewport: { width: 1360, height: 860 } }
await inContext(desktop, async page => { await open(page, '#/topics', 'table a') })

for (const scheme of ['light', 'dark']) {
  await inContext({ ...desktop, colorScheme: scheme, bypassCSP: true }, async (page, errors) => {
    for (const [name, address, usable, complete] of PAGES) {
      await page.goto('about:blank')
      const took = await open(page, address, usable)
      const begun = performance.now()
      await page.waitForSelector('#main ' + complete)
      const data = took + performance.now() - begun
      if (scheme === 'light') check(took < limit, name + ' can be used after ' + took.toFixed(0) + ' ms (limit ' + limit + '), its data are there after ' + data.toFixed(0) + ' ms')
      const wrong = await violations(page)
      check(wrong.length === 0, name + ', ' + scheme + ': accessible ' + wrong.join('; '))
      await picture(page, name + '-' + scheme)
    }
    check(errors.length === 0, scheme + ': nothing on the browser’s console ' + errors.join('; '))
  })
}

await inContext({ viewport: { width: 375, height: 720 }, isMobile: true, hasTouch: true }, async page => {
  for (const [name, address, , complete] of PAGES) {
    await open(page, address, complete)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    check(over <= 0, name + ' fits a phone' + (over > 0 ? ', but for ' + over + ' pixels' : ''))
    await picture(page, name + '-phone')
  }
})

await inContext(desktop, async (page, errors) => {
  await open(page, '#/topics', 'table a')
  await page.keyboard.press('/')
  await page.keyboard.type('orders')
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
  check(true, 'a topic is searched for by the keyboard')
  await page.click('tbody a')
  await page.click('[role=tab]:has-text("Records")')
  await page.click('tbody button')
  await page.waitForSelector('dialog [role=tab]:has-text("JSON")')
  check((await page.textContent('dialog pre.content >> nth=-1')).includes('"customer"'), 'a record is shown as JSON')
  await page.keyboard.press('Escape')
  await page.waitForSelector('dialog', { state: 'detached' })
  await page.click('text=Follow the tail')
  await page.waitForSelector('tbody button')
  check(true, 'the tail is followed')
  await page.click('text=Stop following')
  await page.click('text=Send a record')
  await page.fill('dialog [name=key]', 'by-hand')
  await page.fill('dialog [name=value]', 'sent from the console')
  await page.click('dialog button.main')
  await page.waitForSelector('#notice:has-text("offset")')
  await page.fill('label:has-text("Key contains") input', 'by-hand')
  await page.click('form button.main:has-text("Read")')
  await page.waitForSelector('tbody:has-text("sent from the console")')
  check(true, 'a record is sent, and found by its key')
  await open(page, '#/topics', 'table a')
  await page.click('text=Create topic')
  await page.fill('dialog [name=name]', 'made-by-hand')
  await page.click('dialog button.main')
  await page.waitForSelector('#notice:has-text("created")')
  await open(page, '#/topic/made-by-hand', '[role=tab]')
  await page.click('text=Delete topic')
  await page.fill('dialog [name=confirmed]', 'made-by-hand')
  await page.click('dialog button.danger')
  await page.waitForSelector('#notice:has-text("deleted")')
  check(true, 'a topic is created and deleted')
  check(errors.length === 0, 'nothing on the browser’s console ' + errors.join('; '))
})

await inContext(desktop, async page => {
  await page.route('http://elsewhere.example/**', route => route.fulfill({ contentType: 'text/html', body: '<p>elsewhere</p>' }))
  await page.goto('http://elsewhere.example/')
  const tried = await page.evaluate(async console => {
    const status = options => fetch(console + '/api/topics/delete', { method: 'POST', body: '{"name":"orders"}', ...options }).then(answer => answer.type + ' ' + answer.status, () => 'refused')
    return Promise.all([
      status({ headers: { 'Content-Type': 'application/json' } }),
      status({ mode: 'no-cors' }),
      fetch(console + '/api/overview').then(() => 'answered', () => 'refused'),
    ])
  }, CONSOLE)
  const there = await fetch(CONSOLE + '/api/topic?name=orders')
  check(tried[0] === 'refused' && tried[2] === 'refused' && there.ok, 'a page of another site can neither change nor read anything: ' + tried.join(', '))
})

await browser.close()
console.log(failed === 0 ? 'PASSED' : failed + ' FAILED')
process.exit(failed === 0 ? 0 : 1)
