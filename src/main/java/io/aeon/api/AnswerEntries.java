package io.aeon.api;

import org.apache.kafka.common.message.AddPartitionsToTxnResponseData.AddPartitionsToTxnPartitionResult;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;

/**
 * Entries of answers that kafka-clients keeps in hash collections, and whose keys a client chooses. With equal or
 * colliding keys such a collection takes the square or the cube of their number: 5 s for 2,000 topics without a name.
 * An answer is only encoded, so nobody looks for an entry by its key: the hash of these entries does not depend on it.
 */
public final class AnswerEntries {
    private AnswerEntries() {}

    /** An entry of Metadata. */
    public static final class MetadataTopic extends MetadataResponseTopic {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** An entry of DescribeTopicPartitions. */
    public static final class DescribedTopic extends DescribeTopicPartitionsResponseTopic {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** An entry of DeleteTopics. */
    public static final class DeletedTopic extends DeletableTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** An entry of DeleteGroups. */
    public static final class DeletedGroup extends DeletableGroupResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A topic of DeleteRecords. */
    public static final class RecordsOfTopic extends DeleteRecordsTopicResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A partition of DeleteRecords. */
    public static final class RecordsOfPartition extends DeleteRecordsPartitionResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A partition of OffsetDelete. */
    public static final class OffsetOfPartition extends OffsetDeleteResponsePartition {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A partition of AddPartitionsToTxn. */
    public static final class PartitionOfTransaction extends AddPartitionsToTxnPartitionResult {
        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
