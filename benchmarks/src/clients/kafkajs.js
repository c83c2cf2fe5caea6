// Transactions of kafkajs. Argument: bootstrap. A line for each check, non-zero exit if one fails.
const { Kafka, logLevel } = require('kafkajs')
const { randomUUID } = require('crypto')

const RECORDS = 300
const IN_TRANSACTION = 50
const PATIENCE_MS = 60000
const run = `kafkajs-${randomUUID().slice(0, 8)}`
const kafka = new Kafka({ clientId: run, brokers: [process.argv[2]], logLevel: logLevel.NOTHING })
const admin = kafka.admin()
let failed = 0

function check(holds, what) {
  failed += holds ? 0 : 1
  console.log(`${holds ? 'ok    ' : 'FAIL  '}kafkajs: ${what}`)
}

async function producer(transactionalId) {
  const made = kafka.producer(transactionalId ? { transactionalId, maxInFlightRequests: 1, idempotent: true } : {})
  await made.connect()
  return made
}

const messages = values => values.map(value => ({ value, partition: 0 }))

// Hands chunks of what is in the topic to a worker until it says that it has all.
function consume(groupId, topic, readUncommitted, worker) {
  return new Promise((resolve, reject) => {
    const reader = kafka.consumer({ groupId, readUncommitted })
    const timer = setTimeout(() => end(() => reject(new Error(`${topic}: not all came`))), PATIENCE_MS)
    function end(settle) {
      clearTimeout(timer)
      setImmediate(() => reader.disconnect().then(settle, reject))
    }
    async function eachBatch({ batch, resolveOffset, heartbeat, isRunning }) {
      for (let at = 0; at < batch.messages.length && isRunning(); at += IN_TRANSACTION) {
        const chunk = batch.messages.slice(at, at + IN_TRANSACTION)
        const done = await worker(chunk.map(message => message.value.toString()), Number(chunk[0].offset))
        resolveOffset(chunk[chunk.length - 1].offset)
        await heartbeat()
        if (done) return end(resolve)
      }
    }
    reader
      .connect()
      .then(() => reader.subscribe({ topic, fromBeginning: true }))
      .then(() => reader.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch }))
      .catch(reject)
  })
}

async function read(topic, readUncommitted, last) {
  const found = []
  await consume(`${run}-reader-${readUncommitted}-${topic}`, topic, readUncommitted, async values => {
    found.push(...values)
    return found.includes(last)
  })
  return found
}

async function committed(topic) {
  const [of] = await admin.fetchOffsets({ groupId: run, topics: [topic] })
  return Number(of.partitions[0].offset)
}

async function transform(worker, source, sink, values, next, commit) {
  const transaction = await worker.transaction()
  await transaction.send({ topic: sink, messages: messages(values.map(value => value.toUpperCase())) })
  await transaction.sendOffsets({
    consumerGroupId: run,
    topics: [{ topic: source, partitions: [{ partition: 0, offset: String(next) }] }]
  })
  await (commit ? transaction.commit() : transaction.abort())
}

async function consumeTransformProduce() {
  const [source, sink] = [`${run}-in`, `${run}-out`]
  const given = Array.from({ length: RECORDS }, (_, number) => `record ${number}`)
  const feeder = await producer()
  await feeder.send({ topic: source, messages: messages(given) })
  const worker = await producer(run)
  let done = 0
  await consume(run, source, false, async (values, offset) => {
    await transform(worker, source, sink, values, offset + values.length, false)
    const left = await committed(source)
    if (left > done) check(false, `an abort leaves the offset at ${done}, not ${left}`)
    await transform(worker, source, sink, values, offset + values.length, true)
    done += values.length
    return done === RECORDS
  })
  const offset = await committed(source)
  await feeder.send({ topic: sink, messages: messages(['end']) })
  const once = JSON.stringify([...given.map(value => value.toUpperCase()), 'end'])
  check(offset === RECORDS, `the offset committed last is ${offset}`)
  check(
    JSON.stringify(await read(sink, false, 'end')) === once,
    'the output is the input, once, and nothing of an abort'
  )
  const everything = await read(sink, true, 'end')
  check(everything.length === 2 * RECORDS + 1, `${everything.length} records were written, the aborted ones too`)
  await Promise.all([feeder.disconnect(), worker.disconnect()])
}

async function fencing() {
  const topic = `${run}-fenced`
  const zombie = await producer(`${run}-fenced`)
  const old = await zombie.transaction()
  await old.send({ topic, messages: messages(['zombie']) })
  const heir = await producer(`${run}-fenced`)
  const next = await heir.transaction()
  const refusal = await old.commit().then(() => null, error => error)
  check(refusal !== null, `a zombie is fenced (${refusal && refusal.type})`)
  await next.send({ topic, messages: messages(['heir']) })
  await next.commit()
  check(JSON.stringify(await read(topic, false, 'heir')) === '["heir"]', "only its heir's record is there")
  await Promise.all([zombie.disconnect(), heir.disconnect()])
}

async function main() {
  await admin.connect()
  await consumeTransformProduce()
  await fencing()
  await admin.disconnect()
}

main().then(
  () => process.exit(failed === 0 ? 0 : 1),
  error => {
    console.error(error)
    process.exit(1)
  }
)
