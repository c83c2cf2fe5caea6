package io.aeon.console;

import io.aeon.broker.Timer;
import io.aeon.config.AeonSettings;
import io.aeon.console.http.EventStreams;
import io.aeon.console.http.Routes;
import io.aeon.metadata.Metadata;
import java.util.function.Supplier;

/** The console: pages in a browser, and the data behind them as JSON below {@code /api/}. Thread-safe. */
public final class Console implements AutoCloseable {
    private final ClusterClients clients;
    private final GroupWatch watch;
    private final History history;
    private final BrokerView broker;
    private final Supplier<Traffic> traffic;

    /**
     * @param bootstrap HOST:PORT of this broker, as a client on this machine reaches it
     * @param traffic what the broker has taken and sent so far
     */
    public Console(
            AeonSettings settings,
            Metadata metadata,
            BrokerHealth health,
            String bootstrap,
            Supplier<Traffic> traffic,
            Timer timer) {
        this.broker = new BrokerView(settings, metadata, health);
        this.clients = new ClusterClients(bootstrap);
        this.watch = new GroupWatch(clients);
        this.history = new History(traffic, timer, System::nanoTime);
        this.traffic = traffic;
    }

    /** Adds all paths of the console. */
    public void addTo(Routes routes) {
        EventStreams streams = new EventStreams();
        Sizes sizes = new Sizes(clients, broker);
        GroupList groups = new GroupList(clients, watch);
        Transactions transactions = new Transactions(clients);
        StaticFiles files = new StaticFiles(this::warmUp);
        routes.get("/", files).getBelow(StaticFiles.FOLDER, files);
        new Overview(broker, traffic, history, streams).addTo(routes);
        routes.get("/api/problems", new Problems(broker, groups, watch, transactions));
        routes.get("/api/topics", new TopicList(broker, clients, sizes));
        routes.get("/api/topic", new TopicDetail(broker, clients, sizes));
        new TopicChanges(clients).addTo(routes);
        routes.get("/api/records", new RecordPage(broker, clients));
        routes.get("/api/record", new OneRecord(broker, clients));
        routes.get("/api/tail", new RecordTail(broker, clients, streams));
        routes.post("/api/records/send", new RecordSender(broker, clients));
        routes.get("/api/groups", groups);
        routes.get("/api/group", new GroupDetail(watch));
        transactions.addTo(routes);
        new Producers(broker, clients).addTo(routes);
        new SettingsView(broker, clients).addTo(routes);
        routes.get("/api/log-dirs", new DiskUse(sizes));
    }

    /** Loads the classes of the clients while the browser still loads the scripts. */
    private void warmUp() {
        Thread thread = new Thread(clients::admin, "aeon-console-warm-up");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        history.close();
        watch.close();
        clients.close();
    }
}
