package io.aeon.metadata.configs;

import io.aeon.logging.LogLevels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.common.config.ConfigResource.Type;
import org.apache.kafka.common.config.LogLevelConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.IncrementalAlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The levels of this broker's loggers as the settings of a resource (KIP-412). They are not stored. */
public final class BrokerLoggers {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerLoggers.class);

    private final int nodeId;
    private final LogLevels levels;

    public BrokerLoggers(int nodeId, LogLevels levels) {
        this.nodeId = nodeId;
        this.levels = levels;
    }

    public static boolean isLogger(byte resourceType) {
        return resourceType == Type.BROKER_LOGGER.id();
    }

    /** An invalid resource gives an error in the result. */
    public DescribeConfigsResult describe(DescribeConfigsResource resource) {
        DescribeConfigsResult result = new DescribeConfigsResult()
                .setResourceType(resource.resourceType())
                .setResourceName(resource.resourceName());
        try {
            requireThisBroker(resource.resourceName(), "Broker");
            return result.setConfigs(entries(resource.configurationKeys()));
        } catch (RuntimeException e) {
            ApiError error = ApiError.fromThrowable(e);
            return result.setErrorCode(error.error().code()).setErrorMessage(error.message());
        }
    }

    private List<DescribeConfigsResourceResult> entries(@Nullable List<String> asked) {
        List<DescribeConfigsResourceResult> entries = new ArrayList<>();
        levels.all().forEach((logger, level) -> {
            if (asked == null || asked.isEmpty() || asked.contains(logger)) {
                entries.add(new DescribeConfigsResourceResult()
                        .setName(logger)
                        .setValue(level)
                        .setConfigSource(ConfigSource.DYNAMIC_BROKER_LOGGER_CONFIG.id()));
            }
        });
        return entries;
    }

    /** Applies all changes of a resource, or none if one of them is invalid. */
    public ApiError alter(AlterConfigsResource resource, boolean validateOnly) {
        try {
            requireThisBroker(resource.resourceName(), "Node");
            requireValid(resource.configs());
            if (!validateOnly) {
                resource.configs().forEach(this::apply);
            }
            return ApiError.NONE;
        } catch (RuntimeException e) {
            return ApiError.fromThrowable(e);
        }
    }

    private void apply(AlterableConfig change) {
        boolean inherits = change.configOperation() == OpType.DELETE.id();
        levels.set(change.name(), inherits ? null : change.value());
        LOG.info(
                "The level of the logger {} is now {}",
                change.name(),
                levels.all().get(change.name()));
    }

    private void requireValid(Collection<AlterableConfig> changes) {
        Set<String> loggers = levels.all().keySet();
        Set<String> names = new TreeSet<>();
        for (AlterableConfig change : changes) {
            if (!names.add(change.name())) {
                throw new InvalidRequestException("Error due to duplicate config keys");
            }
        }
        changes.forEach(change -> requireValid(change, loggers));
    }

    private static void requireValid(AlterableConfig change, Set<String> loggers) {
        OpType operation = OpType.forId(change.configOperation());
        if (operation != OpType.SET && operation != OpType.DELETE) {
            String named =
                    operation == null ? "Unknown operation type " + change.configOperation() : operation + " operation";
            throw new InvalidRequestException(named + " is not allowed for the BROKER_LOGGER resource");
        }
        if (operation == OpType.SET && change.value() == null) {
            throw new InvalidRequestException("Null value not supported for : " + change.name());
        }
        if (!loggers.contains(change.name())) {
            throw new InvalidConfigurationException("Logger " + change.name() + " does not exist!");
        }
        if (operation == OpType.SET && !LogLevelConfig.VALID_LOG_LEVELS.contains(change.value())) {
            throw new InvalidConfigurationException(
                    "Cannot set the log level of " + change.name() + " to " + change.value()
                            + " as it is not a supported log level. Valid log levels are "
                            + String.join(", ", new TreeSet<>(LogLevelConfig.VALID_LOG_LEVELS)));
        }
        if (operation == OpType.DELETE && change.name().equals(LogLevels.ROOT)) {
            throw new InvalidRequestException("Removing the log level of the root logger is not allowed");
        }
    }

    private void requireThisBroker(String name, String what) {
        if (name.isEmpty()) {
            throw new InvalidRequestException(what + " id must not be empty");
        }
        int id;
        try {
            id = Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new InvalidRequestException(what + " id must be an integer, but it is: " + name);
        }
        if (id != nodeId) {
            throw new InvalidRequestException("Unexpected broker id, expected " + nodeId + " but received " + name);
        }
    }
}
