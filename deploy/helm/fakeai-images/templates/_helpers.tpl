{{- define "fakeai-images.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end }}

{{- define "fakeai-images.selector" -}}
app.kubernetes.io/name: {{ default .Chart.Name .Values.nameOverride }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "fakeai-images.labels" -}}
{{ include "fakeai-images.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{- define "fakeai-images.replicas" -}}
{{- if and (gt (int .Values.replicas) 1) (not .Values.redis.secret) -}}
{{- fail (printf "replicas is %d, but pods share images only through Redis: set redis.secret, or replicas to 1" (int .Values.replicas)) -}}
{{- end -}}
{{- .Values.replicas -}}
{{- end }}
