package io.aeon.metadata.channel;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopicCollection;
import org.apache.kafka.common.message.DeleteTopicsRequestData;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** Changes of topics as a broker sends them to the controller, and the results as it receives them. */
public final class TopicMessages {
    private TopicMessages() {}

    public static DeleteTopicsRequestData deletion(Set<Uuid> ids, int timeoutMs) {
        DeleteTopicsRequestData request = new DeleteTopicsRequestData().setTimeoutMs(timeoutMs);
        ids.forEach(
                id -> request.topics().add(new DeleteTopicState().setName(null).setTopicId(id)));
        return request;
    }

    public static Map<Uuid, ApiError> results(DeleteTopicsResponseData response) {
        Map<Uuid, ApiError> results = new HashMap<>();
        response.responses()
                .forEach(topic -> results.put(
                        topic.topicId(), new ApiError(Errors.forCode(topic.errorCode()), topic.errorMessage())));
        return results;
    }

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
