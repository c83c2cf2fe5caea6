package io.aeon.metadata.raft;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValueFactory;
import io.aeon.metadata.directory.DurableFile;
import io.aeon.metadata.directory.PatientWrites;
import io.aeon.storage.file.LogFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.raft.ElectionState;
import org.apache.kafka.raft.QuorumStateStore;
import org.apache.kafka.raft.generated.QuorumStateData;
import org.apache.kafka.raft.generated.QuorumStateData.Voter;
import org.apache.kafka.server.common.KRaftVersion;

/**
 * The election state of this voter, in Kafka's file {@code quorum-state}. Kafka's own class for this file would load a
 * JSON library at every start.
 */
public final class QuorumStateFile implements QuorumStateStore {
    private final LogFiles files;
    private final Path file;
    private final PatientWrites writes;

    public QuorumStateFile(LogFiles files, Path directory, PatientWrites writes) {
        this.files = files;
        this.file = directory.resolve("quorum-state");
        this.writes = writes;
    }

    @Override
    public Optional<ElectionState> readElectionState() {
        Optional<String> json = DurableFile.read(files, file);
        try {
            return json.map(text -> ElectionState.fromQuorumStateData(read(ConfigFactory.parseString(text))));
        } catch (ConfigException | IllegalArgumentException e) {
            throw new InvalidConfigurationException(
                    "The file " + file + " is damaged: "
                            + (json.orElse("").isEmpty() ? "it is empty" : e.getMessage())
                            + ". Delete it if this node is the only controller of its cluster; a new election follows.",
                    e);
        }
    }

    private static QuorumStateData read(Config json) {
        QuorumStateData data = new QuorumStateData()
                .setLeaderId(json.getInt("leaderId"))
                .setLeaderEpoch(json.getInt("leaderEpoch"))
                .setVotedId(json.getInt("votedId"));
        if (json.getInt("data_version") == 0) {
            return data.setCurrentVoters(json.getConfigList("currentVoters").stream()
                    .map(voter -> new Voter().setVoterId(voter.getInt("voterId")))
                    .toList());
        }
        return data.setVotedDirectoryId(Uuid.fromString(json.getString("votedDirectoryId")));
    }

    @Override
    public void writeElectionState(ElectionState latest, KRaftVersion kraftVersion) {
        short version = kraftVersion.quorumStateVersion();
        String json = ConfigValueFactory.fromMap(fields(latest.toQuorumStateData(version), version))
                .render(ConfigRenderOptions.concise());
        writes.untilDone(() -> DurableFile.replace(files, file, json));
    }

    private static Map<String, Object> fields(QuorumStateData data, short version) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("leaderId", data.leaderId());
        fields.put("leaderEpoch", data.leaderEpoch());
        fields.put("votedId", data.votedId());
        if (version == 0) {
            fields.put("clusterId", data.clusterId());
            fields.put("appliedOffset", data.appliedOffset());
            fields.put("currentVoters", voters(data));
        } else {
            fields.put("votedDirectoryId", data.votedDirectoryId().toString());
        }
        fields.put("data_version", (int) version);
        return fields;
    }

    private static List<Map<String, Integer>> voters(QuorumStateData data) {
        return data.currentVoters().stream()
                .map(voter -> Map.of("voterId", voter.voterId()))
                .toList();
    }

    @Override
    public Path path() {
        return file;
    }

    @Override
    public void clear() {
        try {
            files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
