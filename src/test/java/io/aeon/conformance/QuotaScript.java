package io.aeon.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.AlterClientQuotasRequestData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntityData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.EntryData;
import org.apache.kafka.common.message.AlterClientQuotasRequestData.OpData;
import org.apache.kafka.common.message.AlterClientQuotasResponseData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData;
import org.apache.kafka.common.message.DescribeClientQuotasRequestData.ComponentData;
import org.apache.kafka.common.message.DescribeClientQuotasResponseData;

/** Quotas of clients and users are set, described by all filters, and removed; wrong ones are refused. */
final class QuotaScript implements Script {
    private static final byte EXACT = 0;
    private static final byte DEFAULT = 1;
    private static final byte ANY = 2;
    private static final String CLIENT = "client-id";
    private static final String USER = "user";
    private static final String PRODUCED = "producer_byte_rate";
    private static final String FETCHED = "consumer_byte_rate";
    private static final double PLENTY = 1e9;

    private final int level;
    private Stage stage;
    private Line line;

    QuotaScript(int level) {
        this.level = level;
    }

    @Override
    public String name() {
        return "quotas-of-level-" + level;
    }

    @Override
    public void play(Stage on) {
        stage = on;
        line = on.line();
        describe("nothing", false);
        List<Map<String, String>> entities =
                List.of(names(CLIENT, name()), names(CLIENT, null), names(USER, name()), both(name(), null));
        entities.forEach(entity -> set("of " + entity.keySet(), entity, PRODUCED, PLENTY));
        set("another one", names(CLIENT, name()), FETCHED, PLENTY);
        describe("all", false);
        describe("all, strictly", true);
        describe("one client", true, component(CLIENT, EXACT, name()));
        describe("the default client", false, component(CLIENT, DEFAULT, null));
        describe("any client", false, component(CLIENT, ANY, null));
        describe("any user and client", true, component(CLIENT, ANY, null), component(USER, ANY, null));
        refusals();
        entities.forEach(entity -> set("of nobody", entity, PRODUCED, null));
        set("no other one", names(CLIENT, name()), FETCHED, null);
        describe("nothing more", false);
    }

    private void refusals() {
        describe("one type twice", false, component(CLIENT, ANY, null), component(CLIENT, DEFAULT, null));
        describe("a type that is not there", false, component("color", ANY, null));
        describe("no type", false, component("", ANY, null));
        describe("exactly nobody", false, component(CLIENT, EXACT, null));
        describe("any of a name", false, component(CLIENT, ANY, "x"));
        describe("by another kind of match", false, component(CLIENT, (byte) 9, null));
        describe("clients and addresses", false, component(CLIENT, ANY, null), component("ip", ANY, null));
        set("a key that is not there", names(CLIENT, "x"), "color", 1.0);
        set("nothing", names(CLIENT, "x"), PRODUCED, 0.0);
        set("less than nothing", names(CLIENT, "x"), PRODUCED, -1.0);
        set("a fraction", names(CLIENT, "x"), PRODUCED, 1.5);
        set("too much", names(CLIENT, "x"), PRODUCED, 1e30);
        set("an entity that is not there", names("color", "x"), PRODUCED, 1.0);
        set("no entity", Map.of(), PRODUCED, 1.0);
        set("an empty name", names(CLIENT, ""), PRODUCED, 1.0);
        set("what was not there", names(CLIENT, "x"), PRODUCED, null);
        set("a percentage", names(CLIENT, "x"), "request_percentage", 10.0);
        set("an address", names("ip", "127.0.0.9"), "connection_creation_rate", 10.0);
        describe("an address", true, component("ip", EXACT, "127.0.0.9"));
        set("a part of a connection", names("ip", "127.0.0.9"), "connection_creation_rate", 1.5);
        set("bytes of an address", names("ip", "127.0.0.9"), PRODUCED, 10.0);
        set("no percentage", names(CLIENT, "x"), "request_percentage", null);
        set("no address", names("ip", "127.0.0.9"), "connection_creation_rate", null);
        EntryData twice = entry(names(CLIENT, "x"), PRODUCED, PLENTY);
        ask("one entity twice", List.of(twice, twice.duplicate()), false);
        EntryData keys = entry(names(CLIENT, "x"), PRODUCED, PLENTY);
        keys.ops().add(new OpData().setKey(PRODUCED).setValue(PLENTY));
        ask("one key twice", List.of(keys), false);
        ask("what is only validated", List.of(entry(names(CLIENT, "x"), PRODUCED, PLENTY)), true);
    }

    private static Map<String, String> names(String type, String name) {
        Map<String, String> names = new TreeMap<>();
        names.put(type, name);
        return names;
    }

    private static Map<String, String> both(String user, String client) {
        Map<String, String> names = names(USER, user);
        names.put(CLIENT, client);
        return names;
    }

    private static EntryData entry(Map<String, String> names, String key, Double value) {
        List<EntityData> entity = new ArrayList<>();
        names.forEach(
                (type, name) -> entity.add(new EntityData().setEntityType(type).setEntityName(name)));
        List<OpData> ops = new ArrayList<>();
        ops.add(new OpData().setKey(key).setValue(value == null ? 0 : value).setRemove(value == null));
        return new EntryData().setEntity(entity).setOps(ops);
    }

    private void set(String what, Map<String, String> names, String key, Double value) {
        ask(what, List.of(entry(names, key, value)), false);
    }

    private void ask(String what, List<EntryData> entries, boolean validateOnly) {
        line.ask(
                "set " + what,
                level,
                new AlterClientQuotasRequestData().setEntries(entries).setValidateOnly(validateOnly),
                AlterClientQuotasResponseData.class);
        stage.settle();
    }

    private static ComponentData component(String type, byte match, String name) {
        return new ComponentData().setEntityType(type).setMatchType(match).setMatch(name);
    }

    private void describe(String what, boolean strict, ComponentData... components) {
        line.ask(
                "describe " + what,
                level,
                new DescribeClientQuotasRequestData()
                        .setComponents(List.of(components))
                        .setStrict(strict),
                DescribeClientQuotasResponseData.class);
    }
}
