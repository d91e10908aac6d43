import ArgumentParser
print("writ")
