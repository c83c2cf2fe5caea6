"""Transactions of librdkafka, by its Python binding. Argument: bootstrap. A line for each check, non-zero exit if one fails."""

import logging
import sys
import uuid

from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition

bootstrap = sys.argv[1]
run = "librdkafka-" + uuid.uuid4().hex[:8]
RECORDS, IN_TRANSACTION, PATIENCE = 300, 50, 60
quiet = logging.getLogger("librdkafka")
quiet.disabled = True  # it would print that a zombie is fenced as a fatal error
failed = 0


def check(holds, what):
    global failed
    failed += not holds
    print(("ok    " if holds else "FAIL  ") + "librdkafka: " + what, flush=True)


def producer(transactional_id=None):
    settings = {"bootstrap.servers": bootstrap}
    if transactional_id is None:
        return Producer(settings, logger=quiet)
    made = Producer({**settings, "transactional.id": transactional_id}, logger=quiet)
    made.init_transactions(PATIENCE)
    return made


def consumer(group, isolation="read_committed"):
    return Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": group,
        "isolation.level": isolation,
        "auto.offset.reset": "earliest",
        "enable.auto.commit": False,
    })


def values(messages):
    for message in messages:
        if message.error():
            raise KafkaException(message.error())
    return [message.value().decode() for message in messages]


def read(topic, isolation, last):
    """All values up to the one that was written last, which everybody may see."""
    reader = consumer(run + "-reader", isolation)
    reader.assign([TopicPartition(topic, 0, 0)])
    found = []
    while not found or found[-1] != last:
        message = reader.poll(PATIENCE)
        if message is None:
            break
        found += values([message])
    reader.close()
    return found


def transform(worker, reader, topic, taken, after, commit):
    worker.begin_transaction()
    for value in taken:
        worker.produce(topic, value.upper(), partition=0)
    worker.send_offsets_to_transaction([after], reader.consumer_group_metadata(), PATIENCE)
    if commit:
        worker.commit_transaction(PATIENCE)
    else:
        worker.flush()
        worker.abort_transaction(PATIENCE)


def consume_transform_produce():
    source, sink = run + "-in", run + "-out"
    given = ["record %d" % number for number in range(RECORDS)]
    feeder = producer()
    for value in given:
        feeder.produce(source, value, partition=0)
    feeder.flush()
    worker, reader = producer(run), consumer(run)
    reader.subscribe([source])
    done = 0
    while done < RECORDS:
        taken = values(reader.consume(min(IN_TRANSACTION, RECORDS - done), PATIENCE))
        if not taken:
            break
        transform(worker, reader, sink, taken, TopicPartition(source, 0, done + len(taken)), False)
        committed = reader.committed([TopicPartition(source, 0)], PATIENCE)[0].offset
        if committed > done:
            check(False, "an abort leaves the offset at %d, not %d" % (done, committed))
        transform(worker, reader, sink, taken, TopicPartition(source, 0, done + len(taken)), True)
        done += len(taken)
    committed = reader.committed([TopicPartition(source, 0)], PATIENCE)[0].offset
    reader.close()
    end = producer()
    end.produce(sink, "end", partition=0)
    end.flush()
    once = [value.upper() for value in given] + ["end"]
    check(committed == RECORDS, "the offset committed last is %d" % committed)
    check(read(sink, "read_committed", "end") == once, "the output is the input, once, and nothing of an abort")
    everything = read(sink, "read_uncommitted", "end")
    check(len(everything) == 2 * RECORDS + 1, "%d records were written, the aborted ones too" % len(everything))


def fencing():
    topic = run + "-fenced"
    zombie = producer(run + "-fenced")
    zombie.begin_transaction()
    zombie.produce(topic, "zombie", partition=0)
    zombie.flush()
    heir = producer(run + "-fenced")
    heir.begin_transaction()
    try:
        zombie.commit_transaction(PATIENCE)
        check(False, "a zombie commits")
    except KafkaException as refusal:
        error = refusal.args[0]
        check(error.fatal(), "a zombie is fenced (%s)" % error.name())
    heir.produce(topic, "heir", partition=0)
    heir.commit_transaction(PATIENCE)
    check(read(topic, "read_committed", "heir") == ["heir"], "only its heir's record is there")


consume_transform_produce()
fencing()
sys.exit(failed > 0)
