"""Durable background jobs: a retraining survives the death of its worker, its child process or the machine.

`client` starts and steers jobs, `worker` does them, `record` is what both speak of. The engine is DBOS, which no other
package knows. Import its modules by name; `record` is light.
"""
