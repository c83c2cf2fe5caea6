package io.aeon.config;

import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

/** Values for Kafka's settings that are not their defaults. */
public final class OtherValue {
    private OtherValue() {}

    /** A value of a setting that Kafka's definition allows and that is not its default. */
    public static String of(ConfigKey key) {
        return first(key, value -> isValid(key, value));
    }

    /** A value of a broker setting, other than its default, with which alone a broker starts. */
    public static String ofBroker(String name) {
        return first(KafkaSettings.definition().configKeys().get(name), value -> starts(name, value));
    }

    /** A value that Kafka's definition refuses; empty if it allows every text. */
    public static Optional<String> wrong(ConfigKey key) {
        return Stream.of("no-such-value", "-9999999999999999999", "")
                .filter(value -> !isValid(key, value))
                .findFirst();
    }

    private static String first(ConfigKey key, Predicate<String> isValid) {
        String usual = !key.hasDefault() || key.defaultValue == null
                ? ""
                : ConfigDef.convertToString(key.defaultValue, key.type);
        return candidates(key)
                .filter(value -> !value.equals(usual) && isValid.test(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no other value for " + key.name));
    }

    private static Stream<String> candidates(ConfigKey key) {
        boolean listed = key.validator instanceof ConfigDef.ValidString || key.validator instanceof ConfigDef.ValidList;
        return listed
                ? Stream.concat(
                        Stream.of(key.validator
                                .toString()
                                .replaceAll("[\\[\\]]", "")
                                .split(", ", -1)),
                        ofType(key))
                : ofType(key);
    }

    private static Stream<String> ofType(ConfigKey key) {
        return switch (key.type) {
            case BOOLEAN -> Stream.of("true", "false");
            case INT, LONG, SHORT -> {
                long usual = key.defaultValue instanceof Number number ? number.longValue() : 1;
                yield Stream.of(usual + 1, usual - 1, usual / 2 + 1).map(String::valueOf);
            }
            case DOUBLE -> Stream.of("0.25", "0.5", "1.5");
            case CLASS -> Stream.of("java.lang.Object");
            default ->
                Stream.of(
                        "x",
                        "GSSAPI",
                        "SSL",
                        "1",
                        "classic",
                        "DISABLED",
                        "ES256",
                        "required",
                        "disabled",
                        "range",
                        "127.0.0.1:1",
                        "1@127.0.0.1:9093",
                        "org.apache.kafka.common.replica.LeaderSelector");
        };
    }

    private static boolean isValid(ConfigKey key, String value) {
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static boolean starts(String name, String value) {
        try {
            return !new KafkaSettings(Map.of(name, value)).values().isEmpty();
        } catch (ConfigException e) {
            return false;
        }
    }
}
