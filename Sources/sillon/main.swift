import ArgumentParser
import AsyncHTTPClient
import Hummingbird
import ServiceLifecycle

print("sillon")
