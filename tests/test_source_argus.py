"""A Jetson's camera: its pipeline as text, and run with others for NVIDIA's elements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from edge.errors import ConfigError, SourceError
from edge.sources.argus import ArgusSettings
from tests.fake_argus import gst_launch, stand_in


def pipeline(**settings: Any) -> str:
    return " ".join(ArgusSettings(**settings).pipeline())


def test_the_pipeline_is_as_nvidia_documents_it() -> None:
    assert pipeline() == (
        "nvarguscamerasrc sensor-id=0 ! "
        "video/x-raw(memory:NVMM),format=NV12,width=1920,height=1080,framerate=30000/1000 ! "
        "nvvidconv flip-method=0 ! video/x-raw,format=BGRx,width=640,height=360"
    )


def test_every_setting_is_in_the_pipeline() -> None:
    asked: dict[str, Any] = {"camera": 1, "sensor_size": (1640, 1232), "sensor_mode": 3}
    asked |= {"fps": 29.97, "exposure_ms": 8.0, "gain": 2.5, "rotate": 90, "size": (257, 257)}
    assert pipeline(**asked) == (
        "nvarguscamerasrc sensor-id=1 sensor-mode=3 "
        "exposuretimerange=8000000 8000000 gainrange=2.5 2.5 ! "
        "video/x-raw(memory:NVMM),format=NV12,width=1640,height=1232,framerate=29970/1000 ! "
        "nvvidconv flip-method=3 ! video/x-raw,format=BGRx,width=194,height=258"
    )


def test_a_range_is_one_word() -> None:
    assert "exposuretimerange=8000000 8000000" in ArgusSettings(exposure_ms=8.0).pipeline()


def test_pictures_fill_the_model_unless_a_size_was_given() -> None:
    assert ArgusSettings().fitted((257, 257)).size == (257, 257)
    assert ArgusSettings(size=(640, 480)).fitted((257, 257)).size == (640, 480)


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"rotate": 45}, "rotate"),
        ({"size": (0, 480)}, "size"),
        ({"exposure_ms": 40.0}, "exposure_ms"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ArgusSettings(**settings)
    assert caught.value.where == key


def test_the_pipeline_runs_and_gives_rgb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(tmp_path, monkeypatch)
    with ArgusSettings(size=(320, 320), exposure_ms=8.0).open() as source:
        image = next(source.frames()).image
    assert source.live
    assert image.shape == (180, 320, 3)
    assert image[60, 22].tolist() == pytest.approx([255, 255, 255], abs=8)
    assert image[60, 68].tolist() == pytest.approx([255, 255, 0], abs=8)
    assert image[60, 297].tolist() == pytest.approx([0, 0, 255], abs=8)


def test_no_camera_is_said_though_gst_launch_ends_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path, monkeypatch)()
    with pytest.raises(SourceError, match="No cameras available"), ArgusSettings().open():
        pytest.fail("opened it")


def test_elsewhere_the_missing_element_is_named() -> None:
    gst_launch()
    with pytest.raises(SourceError, match='no element "nvarguscamerasrc"'), ArgusSettings().open():
        pytest.fail("this is a Jetson")
