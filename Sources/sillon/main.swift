import ArgumentParser
import AsyncHTTPClient
import Audio
import Hummingbird
import ServiceLifecycle

// Before anything else starts: a media host is a small process.
if CommandLine.arguments.dropFirst().first == "media-host" {
    MediaHostChild.run(arguments: Array(CommandLine.arguments.dropFirst(2)))
}
print("sillon")
