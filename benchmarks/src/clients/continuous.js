// A producer and a consumer group of kafkajs that go on whatever happens to the brokers. Arguments: bootstrap, topic,
// partitions, records per second. A line on the standard input, "quiet" or "restarts", names what the brokers do from then on;
// "end" ends the load. Then it prints what came of it, as the class ClientReport reads it.
const { Kafka, logLevel } = require('kafkajs')
const { randomUUID } = require('crypto')
const { createInterface } = require('readline')

const [bootstrap, topic, partitions, rate] = process.argv.slice(2)
const PATIENCE_MS = 60000
const kafka = new Kafka({ clientId: 'kafkajs', brokers: bootstrap.split(','), logLevel: logLevel.NOTHING })
const latencies = { begin: [], quiet: [], restarts: [] }
const acknowledged = new Set()
const read = new Map()
const last = new Map()
const errors = []
const found = { twice: 0, disordered: 0 }
let crashes = 0
let phase = 'begin'
let ended = false

const pause = millis => new Promise(resolve => setTimeout(resolve, millis))

function record(number) {
  return { value: String(number).padEnd(100), partition: number % Number(partitions) }
}

// All records that are due, and the next ones when these are answered. Each partition has a send() of its own: kafkajs forgets
// the records of a partition whose new leader has answered the same send() for another partition.
async function produce() {
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 })
  await producer.connect()
  const begun = performance.now()
  const due = number => begun + (number * 1000) / Number(rate)
  for (let next = 0; !ended; ) {
    const from = next
    while (due(next) <= performance.now()) next++
    const numbers = Array.from({ length: next - from }, (_, index) => from + index)
    if (numbers.length === 0) {
      await pause(Math.max(1, due(next) - performance.now()))
      continue
    }
    const byPartition = Array.from({ length: Number(partitions) }, (_, index) =>
      numbers.filter(number => number % Number(partitions) === index)
    )
    await Promise.all(byPartition.filter(part => part.length > 0).map(part => send(producer, part, due)))
  }
  await producer.disconnect()
}

async function send(producer, numbers, due) {
  const during = phase
  try {
    await producer.send({ topic, acks: -1, messages: numbers.map(record) })
    numbers.forEach(number => {
      acknowledged.add(number)
      latencies[during].push(performance.now() - due(number))
    })
  } catch (error) {
    errors.push(`${numbers.length} records: ${error.message}`)
  }
}

function note(partition, message) {
  const [number, offset] = [Number(message.value.toString()), Number(message.offset)]
  const [beforeOffset, before] = last.get(partition) || [-1, -1]
  if (read.has(number) && read.get(number) !== offset) {
    found.twice++
  } else if (offset > beforeOffset && number < before) {
    found.disordered++
  }
  read.set(number, offset)
  if (offset > beforeOffset) last.set(partition, [offset, number])
}

async function consume() {
  const consumer = kafka.consumer({ groupId: `kafkajs-${randomUUID().slice(0, 8)}` })
  consumer.on(consumer.events.CRASH, event => {
    crashes++
    if (!event.payload.restart) errors.push(event.payload.error.message)
  })
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({ eachMessage: async ({ partition, message }) => note(partition, message) })
  return consumer
}

const unread = () => [...acknowledged].filter(number => !read.has(number)).length

function quantiles(values) {
  const sorted = values.length === 0 ? [0] : [...values].sort((a, b) => a - b)
  const at = part => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]
  return [at(0.5), at(0.99), sorted[sorted.length - 1]].map(millis => millis.toFixed(1)).join(' ')
}

async function untilTheEnd() {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'end') break
    phase = line
  }
  ended = true
}

async function main() {
  const consumer = await consume()
  await Promise.all([produce(), untilTheEnd()])
  for (const begun = performance.now(); unread() > 0 && performance.now() - begun < PATIENCE_MS; ) await pause(100)
  await consumer.disconnect()
  console.log(`acknowledged ${acknowledged.size}`)
  console.log(`unread ${unread()}`)
  console.log(`twice ${found.twice}`)
  console.log(`disordered ${found.disordered}`)
  Object.entries(latencies).forEach(([name, values]) => console.log(`${name} ${quantiles(values)}`))
  errors.forEach(error => console.log(`error ${error}`))
  if (crashes > 0) console.log(`note ${crashes} times the consumer restarted itself`)
}

main().then(
  () => process.exit(0),
  error => {
    console.log(`error ${error.message}`)
    process.exit(1)
  }
)
