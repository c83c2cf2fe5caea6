package io.aeon.cli;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Prints the newest records of a topic, or the first ones from a time on. */
final class RecordsCommand implements Subcommand {
    private static final String COUNT = "count";
    private static final String FROM = "from";
    private static final String PARTITION = "partition";
    private static final int DEFAULT_COUNT = 10;
    private static final int MOST = 10_000;

    private final PrintStream out;

    RecordsCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public String words() {
        return "records";
    }

    @Override
    public String summary() {
        return "Print the newest records of a topic, the newest one last.";
    }

    @Override
    public String more() {
        return "Keys and values that are not text in UTF-8 are printed as hex:... Records of transactions that are open or"
                + " aborted are printed as well. No group is used, and nothing is committed.";
    }

    @Override
    public String operand() {
        return "TOPIC";
    }

    @Override
    public Options options() {
        return Cluster.options()
                .addOption(option(
                        COUNT, "N", "Number of records, " + DEFAULT_COUNT + " unless given, at most " + MOST + "."))
                .addOption(option(
                        FROM, "TIME", "Print the first records from this time on, such as 2026-11-30T08:00:00Z."))
                .addOption(option(PARTITION, "N", "Print only records of this partition."));
    }

    private static Option option(String name, String value, String description) {
        return Option.builder()
                .longOpt(name)
                .hasArg()
                .argName(value)
                .desc(description)
                .get();
    }

    @Override
    public int run(Given given) throws InterruptedException, ParseException {
        String topic = given.optionalOperand().orElseThrow();
        int count = number(given, COUNT, 1, MOST).orElse(DEFAULT_COUNT);
        Optional<Integer> only = number(given, PARTITION, 0, Integer.MAX_VALUE);
        Optional<Instant> from = time(given);
        List<Integer> partitions = new ArrayList<>();
        try (Cluster cluster = Cluster.of(given)) {
            TopicsCommand.description(cluster, topic).partitions().forEach(each -> partitions.add(each.partition()));
        }
        if (only.isPresent()) {
            if (!partitions.contains(only.get())) {
                throw new CommandException("topic " + topic + " has no partition " + only.get());
            }
            partitions.retainAll(List.of(only.get()));
        }
        Listing listing = new Listing("records", "partition", "offset", "time", "key", "value", "headers");
        try (RecordReader reader = new RecordReader(Cluster.bootstrap(given), topic, partitions)) {
            (from.isPresent() ? reader.firstFrom(from.get(), count) : reader.newest(count))
                    .forEach(each -> row(listing, each));
        }
        Listing.print(out, given.has(Cluster.JSON), List.of(listing));
        return Main.OK;
    }

    private static Optional<Integer> number(Given given, String option, int least, int most) throws ParseException {
        if (!given.has(option)) {
            return Optional.empty();
        }
        String text = given.text(option).orElseThrow();
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < least || Integer.parseInt(text) > most) {
            throw new ParseException("--" + option + " takes a number from " + least + " to " + most + ", not " + text);
        }
        return Optional.of(Integer.parseInt(text));
    }

    private static Optional<Instant> time(Given given) throws ParseException {
        try {
            return given.text(FROM).map(Instant::parse);
        } catch (DateTimeParseException e) {
            throw new ParseException(
                    "--" + FROM + " takes a time such as 2026-11-30T08:00:00Z, not " + e.getParsedString());
        }
    }

    private static void row(Listing listing, ConsumerRecord<byte[], byte[]> entry) {
        listing.row(
                entry.partition(),
                entry.offset(),
                Instant.ofEpochMilli(entry.timestamp()).toString(),
                text(entry.key()),
                text(entry.value()),
                StreamSupport.stream(entry.headers().spliterator(), false)
                        .map(RecordsCommand::header)
                        .toList());
    }

    private static String header(Header header) {
        String value = text(header.value());
        return value == null ? header.key() : header.key() + "=" + value;
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return "hex:" + HexFormat.of().formatHex(bytes);
        }
    }
}
