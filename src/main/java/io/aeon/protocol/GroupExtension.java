package io.aeon.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.protocol.types.RawTaggedField;

/**
 * What {@code aeon groups} asks of an Aeon broker beyond Kafka's protocol: for which members a group waits, since when,
 * and how old committed offsets are. It travels in tagged fields (KIP-482) of DescribeGroups, ConsumerGroupDescribe and
 * OffsetFetch. The broker adds them only to the answer of a request that has {@link #asked}; other clients never
 * receive them, and Kafka's brokers skip the field in the request.
 */
public final class GroupExtension {
    /** Kafka numbers the tagged fields of a message from 0 on. */
    private static final int TAG = 0xAE0;

    /**
     * A member for which its group waits.
     *
     * @param awaited what it has not done, a name of a constant
     * @param reason the same as the predicate of a sentence
     * @param forMs milliseconds for which the group has waited
     */
    public record AwaitedMember(
            String memberId, String clientId, String clientHost, String awaited, String reason, long forMs) {}

    private GroupExtension() {}

    /** The field by which a request asks for the extension. */
    public static RawTaggedField asked() {
        return new RawTaggedField(TAG, new byte[0]);
    }

    /** Whether a request with these unknown fields asks for the extension. */
    public static boolean isAsked(List<RawTaggedField> fields) {
        return field(fields).isPresent();
    }

    private static Optional<ByteBuffer> field(List<RawTaggedField> fields) {
        return fields.stream()
                .filter(field -> field.tag() == TAG)
                .map(field -> ByteBuffer.wrap(field.data()))
                .findFirst();
    }

    /** The members for which a group waits. */
    public static RawTaggedField of(List<AwaitedMember> members) {
        List<byte[]> texts = new ArrayList<>();
        int size = Integer.BYTES + members.size() * Long.BYTES;
        for (AwaitedMember member : members) {
            for (String text : List.of(
                    member.memberId(), member.clientId(), member.clientHost(), member.awaited(), member.reason())) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                texts.add(bytes);
                size += Integer.BYTES + bytes.length;
            }
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).putInt(members.size());
        members.forEach(member -> buffer.putLong(member.forMs()));
        texts.forEach(text -> buffer.putInt(text.length).put(text));
        return new RawTaggedField(TAG, buffer.array());
    }

    /**
     * The members for which a group waits; empty if the broker has not told.
     *
     * @throws RuntimeException the bytes are no such list
     */
    public static Optional<List<AwaitedMember>> awaited(List<RawTaggedField> fields) {
        return field(fields).map(GroupExtension::decoded);
    }

    private static List<AwaitedMember> decoded(ByteBuffer buffer) {
        List<Long> durations = new ArrayList<>();
        for (int left = buffer.getInt(); left > 0; left--) {
            durations.add(buffer.getLong());
        }
        return durations.stream()
                .map(forMs ->
                        new AwaitedMember(text(buffer), text(buffer), text(buffer), text(buffer), text(buffer), forMs))
                .toList();
    }

    private static String text(ByteBuffer buffer) {
        int length = buffer.getInt();
        ByteBuffer bytes = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    /** The age of a committed offset in milliseconds. */
    public static RawTaggedField of(long commitAgeMs) {
        return new RawTaggedField(
                TAG, ByteBuffer.allocate(Long.BYTES).putLong(commitAgeMs).array());
    }

    /** The age of a committed offset in milliseconds, empty if the broker has not told. */
    public static OptionalLong commitAgeMs(List<RawTaggedField> fields) {
        return field(fields).map(buffer -> OptionalLong.of(buffer.getLong())).orElse(OptionalLong.empty());
    }
}
