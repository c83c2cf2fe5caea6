// Groups of the consumer protocol with @platformatic/kafka. Arguments: bootstrap, the directory of the module. Members
// come and go, one of them static; every record must be delivered. Commits are not checked: with this
// client committed offsets go back in a rebalance, on Apache Kafka too.
import { createRequire } from 'node:module'
import { randomUUID } from 'node:crypto'

const [bootstrap, modules] = process.argv.slice(2)
const { Admin, Consumer, Producer, stringSerializers, stringDeserializers } = await import(
  createRequire(modules + '/').resolve('@platformatic/kafka'))

const run = 'platformatic-' + randomUUID().slice(0, 8)
const PARTITIONS = 60
const RECORDS = 6000
const PATIENCE_MS = 90_000
let failed = 0

function check (holds, what) {
  failed += holds ? 0 : 1
  console.log((holds ? 'ok    ' : 'FAIL  ') + 'platformatic: ' + what)
}

const common = name => ({ clientId: name, bootstrapBrokers: [bootstrap] })
const seen = new Set()
let again = 0

/** A member that commits after each record, alternately waiting for the answer and not. */
class Member {
  constructor (name, instance) {
    this.consumer = new Consumer({
      ...common(name),
      groupId: run,
      groupProtocol: 'consumer',
      ...(instance ? { groupInstanceId: instance } : {}),
      autocommit: false,
      maxWaitTime: 100,
      deserializers: stringDeserializers
    })
    this.waits = false
  }

  async start () {
    this.stream = await this.consumer.consume({ topics: [run], mode: 'committed', fallbackMode: 'earliest' })
    this.work = this.read()
    return this
  }

  async read () {
    for await (const message of this.stream) {
      again += seen.has(message.value) ? 1 : 0
      seen.add(message.value)
      const commit = Promise.resolve(message.commit()).catch(() => {}) // in a rebalance it may be refused
      this.waits = !this.waits
      if (this.waits) await commit
    }
  }

  async stop () {
    await this.stream.close()
    await this.work
    await this.consumer.close(true)
  }
}

async function until (what, condition) {
  const begun = Date.now()
  while (!(await condition()) && Date.now() - begun < PATIENCE_MS) {
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  check(await condition(), `${what} after ${((Date.now() - begun) / 1000).toFixed(1)} s`)
}

const admin = new Admin(common(run))
const producer = new Producer({ ...common(run), serializers: stringSerializers })
await admin.createTopics({ topics: [run], partitions: PARTITIONS, replicas: 1 })

let sent = 0
async function produce (count) {
  const messages = []
  for (let i = 0; i < count; i++, sent++) {
    messages.push({ topic: run, partition: sent % PARTITIONS, key: '' + sent, value: 'record ' + sent })
  }
  await producer.send({ messages, acks: -1 })
}

const members = []
async function join (count) {
  for (let i = 0; i < count; i++) {
    members.push(await new Member(`${run}-${members.length}`, members.length === 0 ? 'static' : undefined).start())
  }
}
const shared = () => {
  const owned = members.flatMap(member => (member.consumer.assignments ?? []).flatMap(each => each.partitions))
  return owned.length === PARTITIONS && new Set(owned).size === PARTITIONS
}

for (const [come, go] of [[3, 0], [9, 0], [38, 0], [0, 30], [10, 0], [0, 27]]) {
  await Promise.all(members.splice(members.length - go, go).map(member => member.stop()))
  await join(come)
  await produce(RECORDS / 6)
  await until(`${members.length} members share ${PARTITIONS} partitions`, shared)
}
await until(`all of ${sent} records are delivered`, () => seen.size === sent)
console.log(`      platformatic: ${again} records were delivered again`)
await Promise.all(members.map(member => member.stop()))
await producer.close()
await admin.close()
process.exit(failed > 0 ? 1 : 0)
