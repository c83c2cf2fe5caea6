package io.aeon.e2e;

import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * Values that a client could send: mostly what a reply had in a field of that name, or a name that makes sense there,
 * now and then nonsense. One thread.
 */
final class GeneratedValues implements RequestFiller.Values {
    private static final int REMEMBERED = 16;
    /** Nobody who may delete these could be beside a client that needs them. */
    private static final Set<String> OF_THE_GOOD_CLIENT = Set.of("good", "read", "written");

    private static final List<String> TOPICS = List.of("generated-a", "generated-b", "generated-c", "generated-d");
    private static final List<String> GROUPS = List.of("group-a", "group-b", "group-c");
    private static final List<String> TRANSACTIONS = List.of("transaction-a", "transaction-b");
    private static final List<String> SETTINGS =
            List.of("retention.ms", "cleanup.policy", "max.message.bytes", "compression.type", "segment.bytes");
    private static final List<String> ODD = List.of(
            "",
            ".",
            "a/b",
            "a\nb",
            "\u00e9\ud83d\ude00",
            "__consumer_offsets",
            "__transaction_state",
            "x".repeat(249),
            "x".repeat(3000));
    private static final List<Long> NUMBERS =
            List.of(0L, 0L, 0L, 0L, 1L, 1L, 2L, 3L, 5L, 20L, -1L, -2L, (long) Integer.MAX_VALUE, Long.MAX_VALUE);

    /** Long enough for a rebalance, and short enough that every request is answered soon. */
    private static final List<Long> MILLIS = List.of(0L, 1L, 100L, 6000L, 6000L, 6000L, -1L);

    private final Random random;
    private final Map<String, List<Object>> seen = new HashMap<>();

    GeneratedValues(Random random) {
        this.random = random;
    }

    /** Keeps the reply's values for later requests. */
    void remember(ApiMessage reply) throws IllegalAccessException {
        keep(reply);
    }

    private void keep(Message message) throws IllegalAccessException {
        List<Field> fields = RequestFiller.fieldsOf(message);
        for (Field field : fields) {
            if (field.get(message) instanceof String text && OF_THE_GOOD_CLIENT.contains(text)) {
                return;
            }
        }
        for (Field field : fields) {
            keep(field, field.get(message));
        }
    }

    private void keep(Field field, Object value) throws IllegalAccessException {
        if (value instanceof Message inner) {
            keep(inner);
        } else if (value instanceof Collection<?> all) {
            for (Object each : all) {
                keep(field, each);
            }
        } else if (value != null) {
            List<Object> known = seen.computeIfAbsent(key(field, value.getClass()), first -> new ArrayList<>());
            if (known.size() < REMEMBERED) {
                known.add(value);
            } else {
                known.set(random.nextInt(REMEMBERED), value);
            }
        }
    }

    private static String key(Field field, Class<?> type) {
        return field.getName().toLowerCase(Locale.ROOT) + " " + boxed(type).getSimpleName();
    }

    private static Class<?> boxed(Class<?> type) {
        return type.isPrimitive()
                ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
                        .getClass()
                : type;
    }

    @Override
    public int elements() {
        int roll = random.nextInt(20);
        return roll == 0 ? 20 : roll % 4;
    }

    @Override
    public Object of(Field field, Class<?> type) {
        List<Object> known = seen.get(key(field, type));
        if (known != null && random.nextInt(3) > 0 && !isTime(field)) {
            return one(known);
        }
        if (type == String.class) {
            return text(field.getName().toLowerCase(Locale.ROOT));
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == Uuid.class) {
            return random.nextInt(4) == 0 ? Uuid.ZERO_UUID : new Uuid(random.nextLong(), random.nextLong());
        }
        if (type == byte[].class) {
            return bytes();
        }
        if (type == ByteBuffer.class) {
            return ByteBuffer.wrap(bytes());
        }
        return type == BaseRecords.class ? records() : number(field, boxed(type));
    }

    private String text(String field) {
        if (random.nextInt(8) == 0) {
            return one(ODD);
        }
        if (field.contains("transactional")) {
            return one(TRANSACTIONS);
        }
        if (field.contains("group") || field.equals("key") || field.contains("coordinatorkeys")) {
            return one(GROUPS);
        }
        if (field.contains("config") || field.equals("value")) {
            return random.nextBoolean() ? one(SETTINGS) : Integer.toString(random.nextInt(100_000));
        }
        if (field.contains("protocol") || field.contains("assignor")) {
            return random.nextBoolean() ? "consumer" : "range";
        }
        return field.contains("member") ? "" : one(TOPICS);
    }

    private Object number(Field field, Class<?> type) {
        long value = one(isTime(field) ? MILLIS : NUMBERS);
        if (type == Integer.class) {
            return (int) value;
        }
        if (type == Long.class) {
            return value;
        }
        if (type == Short.class) {
            return (short) value;
        }
        if (type == Byte.class) {
            return (byte) value;
        }
        return type == Double.class ? (Object) (double) value : null;
    }

    /** Not the time of a record or an offset, but how long something may take. */
    private static boolean isTime(Field field) {
        String name = field.getName().toLowerCase(Locale.ROOT);
        return name.contains("timeout") || name.contains("maxwait") || name.contains("lifetime");
    }

    private MemoryRecords records() {
        if (random.nextInt(8) == 0) {
            return MemoryRecords.readableRecords(ByteBuffer.wrap(bytes()));
        }
        SimpleRecord[] records = new SimpleRecord[1 + random.nextInt(4)];
        for (int i = 0; i < records.length; i++) {
            records[i] = new SimpleRecord(System.currentTimeMillis(), random.nextBoolean() ? null : bytes(), bytes());
        }
        Compression codec =
                Compression.of(one(List.of(CompressionType.values()))).build();
        return random.nextBoolean()
                ? MemoryRecords.withRecords(codec, records)
                : MemoryRecords.withIdempotentRecords(
                        codec, random.nextInt(4) - 1, (short) random.nextInt(2), random.nextInt(3), records);
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        return bytes;
    }

    private <T> T one(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
