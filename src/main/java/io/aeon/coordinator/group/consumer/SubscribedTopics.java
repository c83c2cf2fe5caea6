package io.aeon.coordinator.group.consumer;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.aeon.coordinator.group.environment.TopicMetadata;
import io.aeon.coordinator.group.environment.TopicsImage;
import io.aeon.coordinator.group.record.MemberMetadata;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.group.api.assignor.SubscriptionType;

/** The topics to which the members of a consumer group are subscribed, in one image of the metadata. */
final class SubscribedTopics {
    private static final byte HASH_VERSION = 0;

    private final ConsumerGroupState state;
    private final TopicsImage image;

    SubscribedTopics(ConsumerGroupState state, TopicsImage image) {
        this.state = state;
        this.image = image;
    }

    TopicsImage image() {
        return image;
    }

    /** The names to which any member is subscribed, also of topics that do not exist. */
    static Set<String> names(ConsumerGroupState state) {
        Set<String> names = new TreeSet<>(state.index().topics().keySet());
        state.regexes().values().forEach(regex -> names.addAll(regex.topics()));
        return names;
    }

    /** Whether any member is subscribed to this name. */
    static boolean include(ConsumerGroupState state, String name) {
        return state.index().topics().containsKey(name)
                || state.regexes().values().stream()
                        .anyMatch(regex -> regex.topics().contains(name));
    }

    /** Whether a member is subscribed to the present topic with this id. */
    Predicate<Uuid> of(MemberMetadata member) {
        Set<String> matching = state.topicsOf(member.regex());
        return id -> image.topic(id)
                .map(topic -> member.topics().contains(topic.name()) || matching.contains(topic.name()))
                .orElse(false);
    }

    /** The ids of the present topics to which a member is subscribed. */
    Set<Uuid> ids(MemberMetadata member) {
        Set<Uuid> ids = new HashSet<>();
        member.topics().forEach(name -> image.topic(name).ifPresent(topic -> ids.add(topic.id())));
        state.topicsOf(member.regex()).forEach(name -> image.topic(name).ifPresent(topic -> ids.add(topic.id())));
        return ids;
    }

    /** Whether all members are subscribed to the same topics, which assignors use for a faster algorithm. */
    SubscriptionType type() {
        int members = state.members().size();
        Map<String, Integer> regexes = state.index().regexes();
        Map<String, Integer> names = state.index().topics();
        boolean alike = regexes.isEmpty()
                ? names.values().stream().allMatch(count -> count == members)
                : names.isEmpty()
                        && regexes.size() == 1
                        && regexes.values().iterator().next() == members;
        return alike ? SubscriptionType.HOMOGENEOUS : SubscriptionType.HETEROGENEOUS;
    }

    /** The hash of the present topics to which any member is subscribed, as Kafka computes it (KIP-1101). */
    long hash() {
        HashStream64 hash = Hashing.xxh3_64().hashStream();
        boolean any = false;
        for (String name : names(state)) {
            Optional<TopicMetadata> topic = image.topic(name);
            if (topic.isPresent()) {
                any = true;
                hash.putLong(hash(topic.get()));
            }
        }
        return any ? hash.getAsLong() : 0;
    }

    /** A broker without a rack adds nothing to the hash of a partition. */
    private static long hash(TopicMetadata topic) {
        HashStream64 hash = Hashing.xxh3_64()
                .hashStream()
                .putByte(HASH_VERSION)
                .putLong(topic.id().getMostSignificantBits())
                .putLong(topic.id().getLeastSignificantBits())
                .putString(topic.name())
                .putInt(topic.partitions());
        for (int partition = 0; partition < topic.partitions(); partition++) {
            hash.putInt(partition);
        }
        return hash.getAsLong();
    }
}
