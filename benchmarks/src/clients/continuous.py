"""A producer and a consumer group of librdkafka that go on whatever happens to the brokers.

Arguments: bootstrap, topic, partitions, records per second. A line on the standard input, "quiet" or "restarts", names what
the brokers do from then on; "end" ends the load. Then it prints what came of it, as the class ClientReport reads it.
"""

import sys
import threading
import time
import uuid

from confluent_kafka import Consumer, KafkaException, Producer

bootstrap, topic, partitions, rate = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
PATIENCE = 60
lock = threading.Lock()
latencies = {"begin": [], "quiet": [], "restarts": []}
acknowledged, read, last = set(), {}, {}
found = {"twice": 0, "disordered": 0}
errors, notes = [], {}
phase = "begin"
ended = threading.Event()
consumed = threading.Event()


def reported(error):
    """What librdkafka tells for information, unless it is fatal."""
    with lock:
        if error.fatal():
            errors.append(str(error))
        notes[error.name()] = notes.get(error.name(), 0) + 1


def delivered(number, due):
    during = phase

    def callback(error, message):
        with lock:
            if error is not None:
                errors.append("record %d: %s" % (number, error))
            else:
                acknowledged.add(number)
                latencies[during].append((time.monotonic() - due) * 1000)

    return callback


def produce():
    producer = Producer({
        "bootstrap.servers": bootstrap,
        "enable.idempotence": True,
        "acks": "all",
        "linger.ms": 0,
        "error_cb": reported,
    })
    begun, number = time.monotonic(), 0
    while not ended.is_set():
        due = begun + number / rate
        wait = due - time.monotonic()
        if wait > 0:
            producer.poll(wait)
            continue
        try:
            producer.produce(topic, str(number).ljust(100), partition=number % partitions,
                             on_delivery=delivered(number, due))
        except (BufferError, KafkaException) as error:
            with lock:
                errors.append(str(error))
        number += 1
    left = producer.flush(PATIENCE)
    if left:
        errors.append("%d records are neither acknowledged nor refused" % left)


def note(message):
    number, partition, offset = int(message.value()), message.partition(), message.offset()
    before_offset, before = last.get(partition, (-1, -1))
    with lock:
        if read.setdefault(number, offset) != offset:
            found["twice"] += 1
        elif offset > before_offset and number < before:
            found["disordered"] += 1
    if offset > before_offset:
        last[partition] = (offset, number)


def consume():
    consumer = Consumer({
        "bootstrap.servers": bootstrap,
        "group.id": "librdkafka-" + uuid.uuid4().hex[:8],
        "auto.offset.reset": "earliest",
        "error_cb": reported,
    })
    consumer.subscribe([topic])
    while not consumed.is_set():
        try:
            for message in consumer.consume(500, 0.2):
                if message.error():
                    errors.append(str(message.error()))
                else:
                    note(message)
        except KafkaException as error:
            errors.append(str(error))
    consumer.close()


def unread():
    with lock:
        return len(acknowledged - read.keys())


def quantiles(values):
    values = sorted(values) or [0]
    at = lambda part: values[min(len(values) - 1, int(part * len(values)))]
    return "%.1f %.1f %.1f" % (at(0.5), at(0.99), values[-1])


producing, consuming = threading.Thread(target=produce), threading.Thread(target=consume)
producing.start()
consuming.start()
for line in sys.stdin:
    if line.strip() == "end":
        break
    phase = line.strip()
ended.set()
producing.join()
deadline = time.monotonic() + PATIENCE
while unread() and time.monotonic() < deadline:
    time.sleep(0.1)
consumed.set()
consuming.join()
print("acknowledged", len(acknowledged))
print("unread", unread())
print("twice", found["twice"])
print("disordered", found["disordered"])
for name, values in latencies.items():
    print(name, quantiles(values))
for error in errors:
    print("error", error)
for name, count in notes.items():
    print("note", "%d times for information: %s" % (count, name))
