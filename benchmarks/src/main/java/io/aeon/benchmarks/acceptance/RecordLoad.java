package io.aeon.benchmarks.acceptance;

/** Records of an idempotent producer with acks=all: none that was acknowledged may be lost, none may be there twice. */
final class RecordLoad implements ReplicatedLoad {
    private final String bootstrap;
    private final String topic;
    private final Ledger ledger;
    private final LoadProducer producer;

    RecordLoad(String bootstrap, String topic, int partitions, int rate) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.ledger = new Ledger(partitions);
        this.producer = new LoadProducer(bootstrap, topic, partitions, rate, ledger);
    }

    @Override
    public long acknowledged() {
        return ledger.acknowledged();
    }

    @Override
    public Exception failure() {
        return producer.failure();
    }

    @Override
    public void close() {
        producer.close();
    }

    @Override
    public void check(Checks checks) {
        try (LogReader reader = new LogReader(bootstrap, topic, ledger)) {
            long lost = 0;
            long[] ends = ledger.ends();
            for (int partition = 0; partition < ends.length; partition++) {
                lost += reader.lost(partition, 0, ends[partition]);
            }
            checks.that(
                    lost == 0 && ledger.contradiction().isEmpty(),
                    "%d acknowledged records, %d lost %s",
                    ledger.acknowledged(),
                    lost,
                    ledger.contradiction());
            checks.that(reader.duplicates() == 0, "%d records are there twice", reader.duplicates());
            checks.that(reader.disordered() == 0, "%d records are not in their order", reader.disordered());
        }
    }
}
