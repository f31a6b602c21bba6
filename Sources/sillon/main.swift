import AsyncHTTPClient
import ArgumentParser
import Hummingbird
import ServiceLifecycle
print("sillon")
