package io.aeon.metadata.channel;

import java.util.List;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;

/** Changes of topics as a broker sends them to the controller. */
public final class TopicMessages {
    private TopicMessages() {}

    public static CreatePartitionsRequestData partitions(
            List<CreatePartitionsTopic> topics, boolean validateOnly, int timeoutMs) {
        CreatePartitionsTopicCollection asked = new CreatePartitionsTopicCollection(topics.size());
        topics.forEach(topic -> asked.add(topic.duplicate()));
        return new CreatePartitionsRequestData()
                .setTopics(asked)
                .setValidateOnly(validateOnly)
                .setTimeoutMs(timeoutMs);
    }
}
