package io.aeon.api.quotas;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeon.api.quotas.EntityQuotas.Limit;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.junit.jupiter.api.Test;

/** Kafka's order of precedence, from the most specific quota to the most general one. */
class EntityQuotasTest {
    private static final String DEFAULT = null;

    /** The entities in this order, and who shares the quota of each. */
    private static final List<Map.Entry<ClientQuotaEntity, Map<String, String>>> ORDER = List.of(
            Map.entry(entity("u", "c"), Map.of("user", "u", "client-id", "c")),
            Map.entry(entity("u", DEFAULT), Map.of("user", "u", "client-id", "c")),
            Map.entry(single("user", "u"), Map.of("user", "u")),
            Map.entry(entity(DEFAULT, "c"), Map.of("user", "u", "client-id", "c")),
            Map.entry(entity(DEFAULT, DEFAULT), Map.of("user", "u", "client-id", "c")),
            Map.entry(single("user", DEFAULT), Map.of("user", "u")),
            Map.entry(single("client-id", "c"), Map.of("client-id", "c")),
            Map.entry(single("client-id", DEFAULT), Map.of("client-id", "c")));

    @Test
    void theMostSpecificQuotaCounts() {
        for (int first = 0; first < ORDER.size(); first++) {
            Map<ClientQuotaEntity, Map<String, Double>> quotas = new HashMap<>();
            IntStream.range(first, ORDER.size())
                    .forEach(i -> quotas.put(ORDER.get(i).getKey(), Map.of("key", (double) i)));

            assertThat(EntityQuotas.of(quotas, "key").of("u", "c"))
                    .contains(new Limit(ORDER.get(first).getValue(), first));
        }
    }

    @Test
    void quotasOfOthersAndOtherKindsDoNotCount() {
        EntityQuotas quotas = EntityQuotas.of(
                Map.of(
                        single("client-id", "other"), Map.of("key", 1.0),
                        single("client-id", "c"), Map.of("other", 1.0),
                        entity("other", DEFAULT), Map.of("key", 1.0)),
                "key");

        assertThat(quotas.of("u", "c")).isEmpty();
        assertThat(EntityQuotas.of(Map.of(single("client-id", "c"), Map.of("other", 1.0)), "key")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void anAddressHasItsQuotaHoweverItIsWritten() throws IOException {
        byte[] bytes = new byte[16];
        bytes[0] = (byte) 0xfe;
        bytes[1] = (byte) 0x80;
        bytes[15] = 1;
        Map<String, InetAddress> clients = Map.of(
                "::1", InetAddress.getByName("0:0:0:0:0:0:0:1"),
                "FE80::0001", Inet6Address.getByAddress("", bytes, 3),
                "::ffff:10.0.0.1", InetAddress.getByName("10.0.0.1"),
                "fe80::1%eth0", Inet6Address.getByAddress("", bytes, 3),
                "10.0.0.2", InetAddress.getByName("10.0.0.2"));
        clients.forEach((written, client) -> {
            EntityQuotas quotas = EntityQuotas.of(Map.of(single("ip", written), Map.of("key", 5.0)), "key");

            assertThat(quotas.of(client).map(Limit::perSecond))
                    .describedAs(written)
                    .contains(5.0);
        });
    }

    @Test
    void theLowerQuotaOfTwoTextsOfOneAddressCountsAndANameOfAHostIsNotLookedUp() throws IOException {
        Map<ClientQuotaEntity, Map<String, Double>> quotas = Map.of(
                single("ip", "::1"), Map.of("key", 5.0),
                single("ip", "0::1"), Map.of("key", 4.0),
                single("ip", "localhost"), Map.of("key", 3.0),
                single("ip", DEFAULT), Map.of("key", 2.0));

        EntityQuotas all = EntityQuotas.of(quotas, "key");

        assertThat(all.of(InetAddress.getByName("0:0:0:0:0:0:0:1")).map(Limit::perSecond))
                .contains(4.0);
        assertThat(all.of(InetAddress.getLoopbackAddress()).map(Limit::perSecond))
                .contains(2.0);
    }

    private static ClientQuotaEntity single(String type, String name) {
        Map<String, String> names = new HashMap<>();
        names.put(type, name);
        return new ClientQuotaEntity(names);
    }

    private static ClientQuotaEntity entity(String user, String client) {
        Map<String, String> names = new HashMap<>();
        names.put("user", user);
        names.put("client-id", client);
        return new ClientQuotaEntity(names);
    }
}
