"""Runs where openpi-client is installed, with its own NumPy 1: `run_openpi_client.py infer PORT` asks a server of ours,
and prints what it said; `run_openpi_client.py serve` serves a policy by the package's own packing, and prints its port.
"""

import json
import sys

import numpy as np
from openpi_client import msgpack_numpy
from openpi_client.websocket_client_policy import WebsocketClientPolicy
from websockets.sync.server import serve as listen


def infer(port: str) -> None:
    client = WebsocketClientPolicy("127.0.0.1", int(port), api_key="s3cret")
    told = client.get_server_metadata()
    answers = [client.infer({"observation/state": np.full(17, 0.25, np.float32), "seed": 7}) for _ in range(2)]
    try:
        client.infer({"observation/state": np.zeros(3)})
    except RuntimeError as error:
        fault = str(error)
    print(
        json.dumps(
            {
                "numpy": np.__version__,
                "keys": told["keys"],
                "actions": [answer["actions"].tolist() for answer in answers],
                "dtype": str(answers[0]["actions"].dtype),
                "fault": fault,
            }
        )
    )


def serve() -> None:
    packer = msgpack_numpy.Packer()

    def handle(connection) -> None:
        connection.send(packer.pack({"reset_pose": np.zeros(2)}))
        for frame in connection:
            obs = msgpack_numpy.unpackb(frame)
            first = float(obs["observation/state"].sum())
            actions = np.zeros((10, 12))  # float64, as openpi's models give them
            actions[:, 0] = first
            connection.send(packer.pack({"actions": actions, "server_timing": {"infer_ms": np.float64(1.5)}}))

    with listen(handle, "127.0.0.1", 0, compression=None, max_size=None) as server:
        print(server.socket.getsockname()[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    infer(sys.argv[2]) if sys.argv[1] == "infer" else serve()
