package io.aeon.console;

/**
 * What this broker has taken from clients and sent to them since its start.
 *
 * @param recordsIn records that were appended
 * @param bytesIn bytes in them
 * @param bytesOut bytes of records that were read
 */
public record Traffic(long recordsIn, long bytesIn, long bytesOut) {
    /** What was taken and sent since {@code before}, for each second. */
    Rates since(Traffic before, double seconds) {
        return new Rates(
                (recordsIn - before.recordsIn) / seconds,
                (bytesIn - before.bytesIn) / seconds,
                (bytesOut - before.bytesOut) / seconds);
    }

    /** For each second. */
    record Rates(double recordsIn, double bytesIn, double bytesOut) {}
}
